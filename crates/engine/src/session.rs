//! Sessions: which functions, settings and stores a query has.

use std::sync::Arc;

use anyhow::Context as _;
use ballista_core::extension::SessionConfigExt as _;
use ballista_core::registry::BallistaFunctionRegistry;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::object_store::{DefaultObjectStoreRegistry, ObjectStoreRegistry};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};
use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use url::Url;

use crate::sum;

/// Bytes that sorting, grouping and joining here may hold before they spill to disk.
const MEMORY_MAX: usize = 1 << 30;

/// Settings of a query that runs here.
fn here() -> SessionConfig {
    exact(SessionConfig::new().with_information_schema(true))
}

/// Settings of a query, or of tasks, on a cluster.
pub(crate) fn on_cluster() -> SessionConfig {
    exact(SessionConfig::new_with_ballista())
        // A lost executor is not handled on the adaptive path: apache/datafusion-ballista#1986.
        .with_ballista_adaptive_query_planner(false)
        .with_ballista_grpc_client_max_message_size(64 << 20)
        // What a partition reads is what the plan gave to it, also when it is run again.
        .set_bool("datafusion.execution.enable_file_stream_work_stealing", false)
        .set_u64("ballista.client.io_retries_times", 1)
        .set_u64("ballista.client.io_retry_wait_time_ms", 200)
        .set_u64("ballista.client.grpc_connect_timeout_seconds", 5)
}

fn exact(config: SessionConfig) -> SessionConfig {
    config.set_bool("datafusion.sql_parser.parse_float_as_decimal", true)
}

/// A context to plan and run queries here.
pub(crate) fn context() -> anyhow::Result<SessionContext> {
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(MEMORY_MAX)))
        .with_object_store_registry(Arc::new(Stores::default()))
        .build_arc()
        .context("cannot set up the engine")?;
    Ok(SessionContext::new_with_state(state(here(), runtime)))
}

/// A context to plan what a cluster runs.
pub(crate) fn planning(target_partitions: usize) -> anyhow::Result<SessionContext> {
    let config = on_cluster().with_target_partitions(target_partitions);
    let state = scheduler_state(config).context("cannot set up the engine")?;
    Ok(SessionContext::new_with_state(state))
}

/// What a scheduler reads plans with.
pub(crate) fn scheduler_state(config: SessionConfig) -> Result<SessionState> {
    Ok(state(config, worker_runtime()?))
}

fn state(config: SessionConfig, runtime: Arc<RuntimeEnv>) -> SessionState {
    let builder = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_default_features();
    let mut state = builder.build();
    for function in sum::functions() {
        // Takes the place of the built-in one.
        datafusion::execution::FunctionRegistry::register_udaf(&mut state, function)
            .expect("a session takes any aggregate function");
    }
    state
}

/// What executors run plans with; Ballista bounds its memory by the task.
pub(crate) fn worker_runtime() -> Result<Arc<RuntimeEnv>> {
    RuntimeEnvBuilder::new().with_object_store_registry(Arc::new(Stores::default())).build_arc()
}

/// The functions that executors know.
pub(crate) fn worker_functions() -> BallistaFunctionRegistry {
    let mut functions = BallistaFunctionRegistry::default();
    for function in sum::functions() {
        for name in function.aliases().iter().map(String::as_str).chain([function.name()]) {
            functions.aggregate_functions.insert(name.to_owned(), Arc::clone(&function));
        }
    }
    functions
}

/// Folders, and buckets named `s3://bucket/…`, set up as the usual `AWS_…` variables say.
#[derive(Debug, Default)]
struct Stores {
    known: DefaultObjectStoreRegistry,
}

impl ObjectStoreRegistry for Stores {
    fn register_store(
        &self,
        url: &Url,
        store: Arc<dyn ObjectStore>,
    ) -> Option<Arc<dyn ObjectStore>> {
        self.known.register_store(url, store)
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        if let Ok(store) = self.known.get_store(url) {
            return Ok(store);
        }
        let ("s3", Some(bucket)) = (url.scheme(), url.host_str()) else {
            return Err(DataFusionError::Configuration(format!("no store for {url}")));
        };
        let store = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .build()
            .map_err(|error| DataFusionError::ObjectStore(Box::new(error)))?;
        let store: Arc<dyn ObjectStore> = Arc::new(store);
        self.known.register_store(url, Arc::clone(&store));
        Ok(store)
    }
}
