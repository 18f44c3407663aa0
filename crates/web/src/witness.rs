//! The door of a witness: its socket, its endpoints, its limits.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use app::witness::{Answer, Reply, Witness};
use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::add_checkpoint::add_checkpoint;
use crate::checkpoint::checkpoint;
use crate::greeting::greeting;
use crate::limits::Limits;

/// Who is told of each answer that concerns a log, and of each failure.
pub type Told = Arc<dyn Fn(&Reply) + Send + Sync>;

/// A pause after the system refused a connection, so that a lack of files is not made worse.
const PAUSE: Duration = Duration::from_millis(100);

/// A witness with its socket, not yet answering.
#[derive(Debug)]
pub struct WitnessDoor {
    witness: Witness,
    listener: TcpListener,
    address: SocketAddr,
    limits: Limits,
}

/// What each endpoint needs.
#[derive(Clone)]
pub(crate) struct Desk {
    witness: Arc<Witness>,
    told: Told,
    pub(crate) limits: Limits,
}

impl WitnessDoor {
    /// Takes the address; port 0 takes any that is free.
    ///
    /// # Errors
    /// What the system says, as when the port is taken.
    pub fn bind(witness: Witness, listen: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Self { witness, listener, address, limits: Limits::default() })
    }

    /// With other limits.
    #[must_use]
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Where it can be reached.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until the process ends.
    ///
    /// # Errors
    /// What the system says when it cannot begin; afterwards nothing ends it.
    pub fn serve(self, told: Told) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.answer(told))
    }

    async fn answer(self, told: Told) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let limits = self.limits;
        let desk = Desk { witness: Arc::new(self.witness), told, limits };
        let router = Router::new()
            .route("/", get(greeting))
            .route("/add-checkpoint", post(add_checkpoint))
            .route("/{hash}/checkpoint", get(checkpoint))
            .with_state(desk);
        let seats = Arc::new(Semaphore::new(limits.connections_max));
        loop {
            let Ok(seat) = Arc::clone(&seats).acquire_owned().await else { return Ok(()) };
            match listener.accept().await {
                Ok((stream, _)) => {
                    let visit = visit(stream, router.clone(), limits);
                    tokio::spawn(async move {
                        visit.await;
                        drop(seat);
                    });
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

/// One connection, to its end; how it ends is the visitor's affair.
async fn visit(stream: TcpStream, router: Router, limits: Limits) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = pin!(connection);
    if timeout(limits.connection, connection.as_mut()).await.is_err() {
        connection.as_mut().graceful_shutdown();
        drop(timeout(limits.head, connection).await);
    }
}

impl Desk {
    /// Has the witness asked on a thread that may wait for the disk.
    pub(crate) async fn ask(
        &self,
        question: impl FnOnce(&Witness) -> Reply + Send + 'static,
    ) -> Response {
        let witness = Arc::clone(&self.witness);
        let asked = tokio::task::spawn_blocking(move || question(&witness)).await;
        self.tell(asked.unwrap_or_else(|error| Reply {
            answer: Answer::plain(500, "the witness cannot answer at present\n".to_owned()),
            failure: Some(error.to_string()),
        }))
    }

    /// Tells the operator, then the visitor.
    pub(crate) fn tell(&self, reply: Reply) -> Response {
        (self.told)(&reply);
        let Answer { status, media_type, body, .. } = reply.answer;
        let mut response = Response::new(Body::from(body));
        let failed = StatusCode::INTERNAL_SERVER_ERROR;
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(failed);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }
}

/// Seconds since 1970-01-01T00:00:00Z; 0, which nothing can be signed with, if the clock is before.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs())
}
