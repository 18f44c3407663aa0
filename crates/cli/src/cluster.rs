//! Where a command computes: here, or on a cluster. The words are the same for every command.

use app::query::{Again, Cluster, Engine};
use serde_json::{Value, json};

use crate::shell::Shell;

/// Where to compute.
#[derive(Debug, clap::Args)]
pub(crate) struct ClusterArgs {
    /// Compute on the cluster with this scheduler.
    #[arg(long, value_name = "df://HOST:PORT")]
    cluster: Option<String>,
    /// Where executors find the lake, if not under the same path as here: file:///… or s3://….
    #[arg(long, value_name = "URL", requires = "cluster")]
    cluster_lake: Option<String>,
    /// Seconds after which a task of a cluster is given up and sent again, three times at most.
    #[arg(long, value_name = "SECONDS", requires = "cluster")]
    cluster_deadline: Option<u64>,
    /// Bytes of Parquet that one task reads, about; 32 MiB if not given.
    #[arg(long, value_name = "BYTES", requires = "cluster", value_parser = clap::value_parser!(u64).range(4096..))]
    cluster_task_bytes: Option<u64>,
}

impl ClusterArgs {
    /// The cluster, if one is named.
    pub(crate) fn cluster(&self) -> Option<Cluster> {
        let url = self.cluster.clone()?;
        let usual = Cluster::new(url);
        let deadline_s = self.cluster_deadline.unwrap_or(usual.deadline_s);
        let task_bytes = self.cluster_task_bytes.unwrap_or(usual.task_bytes);
        Some(Cluster { lake: self.cluster_lake.clone(), deadline_s, task_bytes, ..usual })
    }

    /// The cluster, if one is named, and the engine that speaks with it.
    pub(crate) fn with_engine(&self) -> anyhow::Result<Option<(Engine, Cluster)>> {
        self.cluster().map(|cluster| Ok((Engine::find()?, cluster))).transpose()
    }
}

/// Says what a cluster was not believed.
pub(crate) fn tell(again: &[Again], shell: &mut Shell) {
    for Again { report, month, sender, reason } in again {
        shell.talk(format!(
            "not believed, and computed again here: report {report}, {month}, {sender}: {reason}"
        ));
    }
}

/// The same for programs.
pub(crate) fn as_json(again: &[Again]) -> Vec<Value> {
    let one = |it: &Again| {
        json!({
            "report": it.report, "month": it.month.to_string(), "sender": it.sender,
            "reason": it.reason,
        })
    };
    again.iter().map(one).collect()
}
