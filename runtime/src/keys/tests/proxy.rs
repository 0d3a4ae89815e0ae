//! A proxy before moto, which counts requests and answers some by itself.

use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

#[derive(Clone, Default)]
pub(super) struct Proxy {
    /// The operations that were requested.
    requests: Arc<Mutex<Vec<String>>>,
    /// Status and body of all responses, if moto is not asked.
    answer: Arc<Mutex<Option<(u16, String)>>>,
}

impl Proxy {
    /// Starts it, and returns its URL. It ends with the process.
    pub(super) fn start(&self, moto: &str) -> String {
        let moto = moto.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let proxy = self.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                let (proxy, moto) = (proxy.clone(), moto.clone());
                thread::spawn(move || proxy.serve(client.unwrap(), &moto).unwrap());
            }
        });
        url
    }

    /// The number of requests of an operation.
    pub(super) fn count(&self, operation: &str) -> usize {
        self.requests.lock().unwrap().iter().filter(|of| *of == operation).count()
    }

    /// Answers all requests with an error of KMS.
    pub(super) fn refuse(&self, code: &str, message: &str) {
        self.answer(400, format!(r#"{{"__type":"{code}","message":"{message}"}}"#));
    }

    pub(super) fn answer(&self, status: u16, body: String) {
        *self.answer.lock().unwrap() = Some((status, body));
    }

    pub(super) fn pass(&self) {
        *self.answer.lock().unwrap() = None;
    }

    /// One request of a connection.
    fn serve(&self, mut client: TcpStream, moto: &str) -> Result<()> {
        let (mut head, mut length) = (Vec::new(), 0);
        let mut reader = BufReader::new(client.try_clone()?);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let lower = line.to_ascii_lowercase();
            if let Some(of) = lower.strip_prefix("content-length:") {
                length = of.trim().parse().unwrap();
            }
            if lower.starts_with("x-amz-target:") {
                let operation = line.trim().rsplit('.').next().unwrap_or_default();
                self.requests.lock().unwrap().push(operation.to_owned());
            }
            if line == "\r\n" {
                break;
            }
            if !lower.starts_with("connection:") {
                head.extend(line.as_bytes());
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let answer = self.answer.lock().unwrap().clone();
        if let Some((status, body)) = answer {
            let head = "content-type: application/x-amz-json-1.1\r\nconnection: close";
            return write!(client, "HTTP/1.1 {status} -\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        }
        let mut server = TcpStream::connect(moto)?;
        server.write_all(&[&head, b"connection: close\r\n\r\n".as_slice(), &body].concat())?;
        let mut response = Vec::new();
        server.read_to_end(&mut response)?;
        client.write_all(&response)
    }
}
