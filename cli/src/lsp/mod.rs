//! `dyntastic lsp`.

mod answers;
mod documents;
mod paths;
mod positions;
mod schemas;
mod server;
mod wire;

use super::Stop;
use clap::Args;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId};
use lsp_types::notification::{
    Cancel, DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument, Exit,
    Notification as _,
};
use lsp_types::request::{
    CodeActionRequest, Completion, DocumentSymbolRequest, Formatting, GotoDefinition, HoverRequest, Initialize,
    PrepareRenameRequest, References, RegisterCapability, Rename, Request as _, Shutdown,
};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CompletionOptions, DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher,
    GlobPattern, InitializeParams, InitializeResult, OneOf, Registration, RegistrationParams, RenameOptions,
    ServerCapabilities, ServerInfo, TextDocumentSyncCapability, TextDocumentSyncKind,
};
use positions::Encoding;
use schemas::Schemas;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use server::Server;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;
use wire::{Answer, Outcome};

#[derive(Debug, Args)]
pub(super) struct Lsp {
    /// Accepted for editors that state the way to talk; standard input and output are the only one.
    #[arg(long)]
    stdio: bool,
}

/// The settings that a client may send.
#[derive(Debug, Default, Deserialize)]
struct Settings {
    /// Files and folders, relative to the workspace, each of which is a schema.
    #[serde(default)]
    schemas: Vec<PathBuf>,
}

impl Lsp {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        serve(&wire::messages())
    }
}

fn serve(messages: &Receiver<Message>) -> Result<ExitCode, Stop> {
    let Some((id, params)) = initialize(messages)? else { return Ok(ExitCode::FAILURE) };
    let offered = params.capabilities.general.as_ref().and_then(|general| general.position_encodings.as_deref());
    let encoding = Encoding::negotiate(offered.unwrap_or_default());
    let result = InitializeResult {
        capabilities: capabilities(encoding),
        server_info: Some(ServerInfo {
            name: "dyntastic".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    let result = to_raw_value(&result).map_err(|error| error.to_string())?;
    wire::send(&Answer { id, result: Outcome::Result(result) })?;
    let mut server = Server::new(Schemas::new(configured(&params)), encoding);
    if watches_files(&params) {
        watch()?;
    }
    let mut waiting = VecDeque::new();
    let mut is_shut_down = false;
    loop {
        let message = match waiting.pop_front() {
            Some(message) => message,
            None => match next(messages, &mut server)? {
                Some(message) => message,
                None => return Ok(ExitCode::FAILURE),
            },
        };
        waiting.extend(messages.try_iter());
        match message {
            Message::Notification(message) if message.method == Exit::METHOD => {
                return Ok(if is_shut_down { ExitCode::SUCCESS } else { ExitCode::FAILURE });
            }
            Message::Request(request) if is_shut_down => {
                let reason = "after `shutdown` there is no request";
                wire::send(&Answer::error(request.id, ErrorCode::InvalidRequest, reason))?;
            }
            Message::Request(request) => {
                is_shut_down = request.method == Shutdown::METHOD;
                let response = match waiting.iter().any(|message| cancels(message, &request.id)) {
                    true => Answer::error(request.id, ErrorCode::RequestCanceled, "the client cancelled it"),
                    false => answer(request, &mut server),
                };
                wire::send(&response)?;
            }
            Message::Notification(_) if is_shut_down => {}
            Message::Notification(message) => notice(message, &mut server),
            Message::Response(_) => {}
        }
    }
}

/// The pause of typing after which mistakes are looked for. Answers before that need not wait for them.
const PAUSE: Duration = Duration::from_millis(150);

/// The request of a client that begins, and its parameters; `None` if it ends before.
fn initialize(messages: &Receiver<Message>) -> Result<Option<(RequestId, InitializeParams)>, Stop> {
    for message in messages {
        match message {
            Message::Request(Request { id, method, params }) if method == Initialize::METHOD => {
                match serde_json::from_value(params) {
                    Ok(params) => return Ok(Some((id, params))),
                    Err(error) => wire::send(&Answer::error(id, ErrorCode::InvalidParams, error.to_string()))?,
                }
            }
            Message::Request(request) => {
                let reason = "`initialize` is the first request";
                wire::send(&Answer::error(request.id, ErrorCode::ServerNotInitialized, reason))?;
            }
            Message::Notification(message) if message.method == Exit::METHOD => return Ok(None),
            Message::Notification(_) | Message::Response(_) => {}
        }
    }
    Ok(None)
}

/// The next message. After a pause, the mistakes of what has changed are sent.
fn next(messages: &Receiver<Message>, server: &mut Server) -> Result<Option<Message>, Stop> {
    if server.is_stale() {
        match messages.recv_timeout(PAUSE) {
            Ok(message) => return Ok(Some(message)),
            Err(RecvTimeoutError::Timeout) => server.publish()?,
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
        }
    }
    Ok(messages.recv().ok())
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::INCREMENTAL)),
        hover_provider: Some(true.into()),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: Default::default(),
        })),
        document_symbol_provider: Some(OneOf::Left(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(
            CodeActionOptions {
                code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
                ..CodeActionOptions::default()
            }
            .into(),
        ),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([" ", "{", "[", "<", ":"].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}

/// The files and folders of the settings, in the first folder of the workspace.
fn configured(params: &InitializeParams) -> Vec<PathBuf> {
    let settings = params.initialization_options.clone().and_then(|of| serde_json::from_value::<Settings>(of).ok());
    let folder = params.workspace_folders.as_ref().and_then(|folders| folders.first()).map(|folder| &folder.uri);
    #[expect(deprecated, reason = "clients of an older version send it")]
    let folder = folder.or(params.root_uri.as_ref()).map(paths::name).unwrap_or_default();
    settings.unwrap_or_default().schemas.into_iter().map(|path| PathBuf::from(&folder).join(path)).collect()
}

fn watches_files(params: &InitializeParams) -> bool {
    let watching = params.capabilities.workspace.as_ref().and_then(|of| of.did_change_watched_files);
    watching.and_then(|of| of.dynamic_registration).unwrap_or_default()
}

/// Asks for notices when schema files change on the disk.
fn watch() -> Result<(), Stop> {
    let glob_pattern = GlobPattern::String("**/*.{yaml,yml}".to_owned());
    let options =
        DidChangeWatchedFilesRegistrationOptions { watchers: vec![FileSystemWatcher { glob_pattern, kind: None }] };
    let registration = Registration {
        id: "files".to_owned(),
        method: DidChangeWatchedFiles::METHOD.to_owned(),
        register_options: serde_json::to_value(options).ok(),
    };
    let params = RegistrationParams { registrations: vec![registration] };
    let request = Request::new("watch".to_owned().into(), RegisterCapability::METHOD.to_owned(), params);
    Ok(wire::send(&request)?)
}

fn cancels(message: &Message, id: &RequestId) -> bool {
    let Message::Notification(Notification { method, params, .. }) = message else { return false };
    let cancelled = || serde_json::from_value::<RequestId>(params.get("id")?.clone()).ok();
    method == Cancel::METHOD && cancelled().as_ref() == Some(id)
}

fn notice(message: Notification, server: &mut Server) {
    fn of<N: lsp_types::notification::Notification>(message: Notification) -> Option<N::Params> {
        serde_json::from_value(message.params).ok()
    }
    match message.method.as_str() {
        DidOpenTextDocument::METHOD => {
            let Some(params) = of::<DidOpenTextDocument>(message) else { return };
            server.documents.open(params.text_document);
        }
        DidChangeTextDocument::METHOD => {
            let Some(params) = of::<DidChangeTextDocument>(message) else { return };
            let name = paths::name(&params.text_document.uri);
            let version = params.text_document.version;
            server.documents.change(&name, version, params.content_changes, server.encoding);
        }
        DidCloseTextDocument::METHOD => {
            let Some(params) = of::<DidCloseTextDocument>(message) else { return };
            server.documents.close(&paths::name(&params.text_document.uri));
        }
        DidChangeWatchedFiles::METHOD => {}
        _ => return,
    }
    server.changed();
}

fn answer(request: Request, server: &mut Server) -> Answer<RequestId> {
    let Request { id, method, params, .. } = request;
    let result = match method.as_str() {
        Initialize::METHOD => {
            Err((ErrorCode::InvalidRequest, "`initialize` is the first request, and no other".to_owned()))
        }
        Shutdown::METHOD => with(params, |_: Value| Ok(())),
        HoverRequest::METHOD => {
            with(params, |of: lsp_types::HoverParams| Ok(server.hover(&of.text_document_position_params)))
        }
        GotoDefinition::METHOD => {
            with(params, |of: lsp_types::GotoDefinitionParams| Ok(server.definition(&of.text_document_position_params)))
        }
        References::METHOD => with(params, |of: lsp_types::ReferenceParams| {
            Ok(server.references(&of.text_document_position, of.context.include_declaration))
        }),
        PrepareRenameRequest::METHOD => with(params, |of| Ok(server.prepare_rename(&of))),
        Rename::METHOD => {
            with(params, |of: lsp_types::RenameParams| server.rename(&of.text_document_position, &of.new_name))
        }
        Completion::METHOD => {
            with(params, |of: lsp_types::CompletionParams| Ok(server.completion(&of.text_document_position)))
        }
        DocumentSymbolRequest::METHOD => {
            with(params, |of: lsp_types::DocumentSymbolParams| Ok(server.outline(&of.text_document.uri)))
        }
        Formatting::METHOD => {
            with(params, |of: lsp_types::DocumentFormattingParams| Ok(server.formatting(&of.text_document.uri)))
        }
        CodeActionRequest::METHOD => with(params, |of| Ok(server.code_actions(&of))),
        _ => Err((ErrorCode::MethodNotFound, format!("there is no request `{method}`"))),
    };
    match result {
        Ok(value) => Answer { id, result: Outcome::Result(value) },
        Err((code, message)) => Answer::error(id, code, message),
    }
}

/// The result of a function of a request's parameters, as JSON.
fn with<P: DeserializeOwned, R: serde::Serialize>(
    params: Value,
    answer: impl FnOnce(P) -> Result<R, String>,
) -> Result<Box<RawValue>, (ErrorCode, String)> {
    let params = serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))?;
    let result = answer(params).map_err(|reason| (ErrorCode::RequestFailed, reason))?;
    to_raw_value(&result).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}
