//! One batch of saves: commit, answer, and where something is due, see to it.

use std::sync::Arc;

use holdfast_domain::{Error, Result};

use super::Compactor;
use super::commit::commit;
use super::job::{Committed, Job, Waiting};
use crate::store::Store;

pub(super) async fn run(store: Arc<Store>, compactor: Arc<Compactor>, waiting: Vec<Waiting>) {
    let jobs: Vec<&Job> = waiting.iter().map(|waiting| &waiting.job).collect();
    let answers = answers(&store, &compactor, &jobs).await;
    for (waiting, answer) in waiting.into_iter().zip(answers) {
        // Whoever asked may have gone; what is committed stays.
        let _ = waiting.reply.send(answer);
    }
}

async fn answers(store: &Store, compactor: &Compactor, jobs: &[&Job]) -> Vec<Result<Committed>> {
    match commit(store, compactor, jobs).await {
        Ok(answers) => answers,
        // Something about one of them the database does not take, or cannot read: let it fail alone.
        Err(Error::Internal | Error::Damaged) if jobs.len() > 1 => {
            let mut answers = Vec::with_capacity(jobs.len());
            for job in jobs {
                let answer = commit(store, compactor, &[job]).await;
                let alone = answer.and_then(|mut one| one.pop().ok_or(Error::Internal));
                answers.push(alone.and_then(|answer| answer));
            }
            answers
        }
        Err(error) => jobs.iter().map(|_| Err(error.clone())).collect(),
    }
}
