//! The cluster: its processes, and sending it a plan.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use ballista_core::execution_plans::execute_physical_plan;
use ballista_core::extension::SessionConfigExt as _;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::SessionContext;
use datafusion_proto::protobuf::PhysicalPlanNode;
use futures::TryStreamExt as _;
use lake::engine::Cluster;
use url::Url;

use crate::session;

/// Seconds between two signs of life of an executor.
const HEARTBEAT_S: u64 = 2;
/// Seconds without one after which an executor is given up.
const SILENCE_S: u64 = 10;
/// Bytes a message between processes may have.
const MESSAGE_BYTES_MAX: u32 = 64 << 20;

/// Runs a scheduler until it is stopped.
pub(crate) async fn scheduler(bind: SocketAddr, advertise: Option<String>) -> anyhow::Result<()> {
    let config = SchedulerConfig {
        bind_host: bind.ip().to_string(),
        bind_port: bind.port(),
        external_host: advertised(bind, advertise)?,
        executor_timeout_seconds: SILENCE_S,
        expire_dead_executor_interval_seconds: HEARTBEAT_S,
        no_executors_grace_period_seconds: SILENCE_S,
        grpc_server_max_decoding_message_size: MESSAGE_BYTES_MAX,
        grpc_server_max_encoding_message_size: MESSAGE_BYTES_MAX,
        grpc_client_max_message_size: MESSAGE_BYTES_MAX,
        override_config_producer: Some(Arc::new(session::on_cluster)),
        override_session_builder: Some(Arc::new(session::scheduler_state)),
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await?;
    start_server(cluster, bind, Arc::new(config)).await.context("the scheduler stopped")
}

/// Runs an executor until it is stopped.
pub(crate) async fn executor(
    scheduler: String,
    bind: SocketAddr,
    advertise: Option<String>,
    cores: usize,
    work_dir: Option<PathBuf>,
) -> anyhow::Result<()> {
    let (host, port) = scheduler
        .rsplit_once(':')
        .and_then(|(host, port)| Some((host.to_owned(), port.parse().ok()?)))
        .with_context(|| format!("--scheduler is host:port, not {scheduler:?}"))?;
    let grpc_port = bind.port().checked_add(1).context("the port after --bind is used as well")?;
    let name = format!("leitmotif-executor-{}", std::process::id());
    let work_dir = work_dir.unwrap_or_else(|| std::env::temp_dir().join(name));
    std::fs::create_dir_all(&work_dir)
        .with_context(|| format!("cannot make {}", work_dir.display()))?;
    let config = ExecutorProcessConfig {
        bind_host: bind.ip().to_string(),
        external_host: Some(advertised(bind, advertise)?),
        port: bind.port(),
        grpc_port,
        scheduler_host: host,
        scheduler_port: port,
        scheduler_connect_timeout_seconds: 30,
        vcores: cores,
        work_dir: Some(work_dir.to_str().context("--work-dir is not Unicode")?.to_owned()),
        job_data_ttl_seconds: 3600,
        job_data_clean_up_interval_seconds: 60,
        executor_heartbeat_interval_seconds: HEARTBEAT_S,
        grpc_max_decoding_message_size: MESSAGE_BYTES_MAX,
        grpc_max_encoding_message_size: MESSAGE_BYTES_MAX,
        override_config_producer: Some(Arc::new(session::on_cluster)),
        override_runtime_producer: Some(Arc::new(|_| session::worker_runtime())),
        override_function_registry: Some(Arc::new(session::worker_functions())),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await.context("the executor stopped")
}

fn advertised(bind: SocketAddr, advertise: Option<String>) -> anyhow::Result<String> {
    match advertise {
        Some(name) => Ok(name),
        None if bind.ip().is_unspecified() => {
            bail!("--bind {bind} is every address; say with --advertise which one others reach")
        }
        None => Ok(bind.ip().to_string()),
    }
}

/// Where the scheduler is, as Ballista wants it.
fn scheduler_url(cluster: &Cluster) -> anyhow::Result<String> {
    let url = Url::parse(&cluster.url).ok().filter(|url| url.scheme() == "df");
    match url.as_ref().and_then(|url| Some((url.host()?, url.port().unwrap_or(50050)))) {
        Some((host, port)) => Ok(format!("http://{host}:{port}")),
        None => bail!("a cluster is df://HOST:PORT of its scheduler, not {:?}", cluster.url),
    }
}

/// Has a plan run, again if it fails or takes too long; returns the answer and how often it was
/// sent. What one attempt left half done is dropped: an answer is one attempt's alone.
pub(crate) async fn run(
    cluster: &Cluster,
    context: &SessionContext,
    plan: &Arc<dyn ExecutionPlan>,
) -> anyhow::Result<(Vec<RecordBatch>, u32)> {
    let url = scheduler_url(cluster)?;
    let mut reason = anyhow!("it was never sent");
    for attempt in 1..=cluster.attempts.max(1) {
        let deadline = Duration::from_secs(cluster.deadline_s);
        match tokio::time::timeout(deadline, once(&url, context, plan)).await {
            Ok(Ok(answer)) => return Ok((answer, attempt)),
            Ok(Err(error)) => reason = error,
            Err(_) => reason = anyhow!("no answer within {} s", cluster.deadline_s),
        }
    }
    let attempts = cluster.attempts.max(1);
    Err(reason
        .context(format!("the cluster at {} gave no answer, asked {attempts} times", cluster.url)))
}

async fn once(
    url: &str,
    context: &SessionContext,
    plan: &Arc<dyn ExecutionPlan>,
) -> anyhow::Result<Vec<RecordBatch>> {
    // A session of its own for every attempt, so that none sees what another left.
    let config = context.copied_config();
    let (settings, codec) = (config.ballista_config(), config.ballista_physical_extension_codec());
    let session = SessionContext::new().session_id();
    let answer = execute_physical_plan::<PhysicalPlanNode>(
        url.to_owned(),
        &settings,
        Arc::clone(plan),
        codec.as_ref(),
        session,
        config,
    );
    Ok(answer.await?.try_collect().await?)
}
