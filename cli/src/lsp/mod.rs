//! `dyntastic lsp`.

mod answers;
mod documents;
mod paths;
mod positions;
mod schemas;
mod server;

use super::Stop;
use clap::Args;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{
    Cancel, DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument, Exit,
    Notification as _,
};
use lsp_types::request::{
    CodeActionRequest, Completion, DocumentSymbolRequest, Formatting, GotoDefinition, HoverRequest,
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
use server::Server;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

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
        let (connection, threads) = Connection::stdio();
        let ended = serve(&connection);
        drop(connection);
        let code = ended?;
        // After `exit`, the reader is waiting for the end of the input.
        if code == ExitCode::SUCCESS {
            threads.join()?;
        }
        Ok(code)
    }
}

fn serve(connection: &Connection) -> Result<ExitCode, String> {
    let (id, params) = connection.initialize_start().map_err(|error| error.to_string())?;
    let params: InitializeParams = serde_json::from_value(params).map_err(|error| error.to_string())?;
    let offered = params.capabilities.general.as_ref().and_then(|general| general.position_encodings.as_deref());
    let encoding = Encoding::negotiate(offered.unwrap_or_default());
    let result = InitializeResult {
        capabilities: capabilities(encoding),
        server_info: Some(ServerInfo {
            name: "dyntastic".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    let result = serde_json::to_value(result).map_err(|error| error.to_string())?;
    connection.initialize_finish(id, result).map_err(|error| error.to_string())?;
    let mut server = Server::new(Schemas::new(configured(&params)), encoding);
    if watches_files(&params) {
        watch(connection);
    }
    let mut waiting = VecDeque::new();
    let mut is_shut_down = false;
    loop {
        let message = match waiting.pop_front() {
            Some(message) => message,
            None => match next(connection, &mut server) {
                Some(message) => message,
                None => return Ok(ExitCode::FAILURE),
            },
        };
        waiting.extend(connection.receiver.try_iter());
        match message {
            Message::Notification(message) if message.method == Exit::METHOD => {
                return Ok(if is_shut_down { ExitCode::SUCCESS } else { ExitCode::FAILURE });
            }
            Message::Notification(message) => notice(message, &mut server),
            Message::Request(request) => {
                is_shut_down |= request.method == Shutdown::METHOD;
                let response = match waiting.iter().any(|message| cancels(message, &request.id)) {
                    true => error(request.id, ErrorCode::RequestCanceled, "the client cancelled it"),
                    false => answer(request, &mut server),
                };
                if connection.sender.send(response.into()).is_err() {
                    return Ok(ExitCode::FAILURE);
                }
            }
            Message::Response(_) => {}
        }
    }
}

/// The pause of typing after which mistakes are looked for. Answers before that need not wait for them.
const PAUSE: Duration = Duration::from_millis(150);

/// The next message. After a pause, the mistakes of what has changed are sent.
fn next(connection: &Connection, server: &mut Server) -> Option<Message> {
    if server.is_stale() {
        match connection.receiver.recv_timeout(PAUSE) {
            Ok(message) => return Some(message),
            Err(error) if error.is_timeout() => server.publish(connection),
            Err(_) => return None,
        }
    }
    connection.receiver.recv().ok()
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
fn watch(connection: &Connection) {
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
    drop(connection.sender.send(request.into()));
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

fn answer(request: Request, server: &mut Server) -> Response {
    let Request { id, method, params, .. } = request;
    let result = match method.as_str() {
        Shutdown::METHOD => Ok(Value::Null),
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
        Ok(value) => Response::new_ok(id, value),
        Err((code, message)) => error(id, code, &message),
    }
}

/// The result of a function of a request's parameters, as JSON.
fn with<P: DeserializeOwned, R: serde::Serialize>(
    params: Value,
    answer: impl FnOnce(P) -> Result<R, String>,
) -> Result<Value, (ErrorCode, String)> {
    let params = serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))?;
    let result = answer(params).map_err(|reason| (ErrorCode::RequestFailed, reason))?;
    serde_json::to_value(result).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}

fn error(id: RequestId, code: ErrorCode, message: &str) -> Response {
    Response::new_err(id, code as i32, message.to_owned())
}
