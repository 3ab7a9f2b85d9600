//! What a queue message asks for, try by try, until an original is given up.

use live::Event;
use thiserror::Error;
use wire::FailureCode;

use crate::event::{self, Created};
use crate::products::Products;
use crate::{Fate, Processor, Retry, StoreError};

/// How often a message is tried before it is given up; the queue is set up with the same number.
pub const MAX_TRIES: u32 = 5;

/// The message has to come again, unless it is no event at all.
#[derive(Debug, Error)]
pub enum ProcessError {
    /// The message is none that S3 sends.
    #[error(transparent)]
    Message(#[from] event::ParseEventError),
    /// Another try may succeed.
    #[error(transparent)]
    Retry(#[from] Retry),
    /// Every try has ended with the process. What the message names is recorded as failed.
    #[error("tried {} times without an answer", MAX_TRIES)]
    Exhausted,
}

impl Processor {
    /// Does what a queue message asks for; `receive_count` is how often the message has been received, this
    /// time included. Tells what became of each original.
    ///
    /// At the last try an original that still cannot be processed is recorded as failed, so that nobody waits
    /// for it, and the message goes on to the dead letters all the same. With a count above [`MAX_TRIES`] nobody has
    /// lived to answer any of the tries: there is no other, the failure is recorded.
    pub async fn handle(&self, message: &str, receive_count: u32) -> Result<Vec<Fate>, ProcessError> {
        let mut result = Ok(Vec::new());
        for created in event::parse(message)? {
            let key = &created.key;
            if receive_count > MAX_TRIES {
                tracing::error!(%key, "given up: every try has ended with the process");
                self.record_given_up(&created).await.map_err(Retry::from)?;
                result = Err(ProcessError::Exhausted);
                continue;
            }
            match self.process(&created).await {
                Ok(fate) => result.iter_mut().for_each(|fates: &mut Vec<Fate>| fates.push(fate)),
                Err(error) => {
                    if receive_count >= MAX_TRIES
                        && let Err(error) = self.record_given_up(&created).await
                    {
                        tracing::error!(%key, %error, "could not record that it was given up");
                    }
                    result = Err(error.into());
                }
            }
        }
        result
    }

    /// Records the failure, unless the original is gone or a try that was cut off had got as far as the result.
    pub(crate) async fn record_given_up(
        &self,
        Created { bucket, key, .. }: &Created,
    ) -> Result<(), StoreError> {
        let Some(head) = self.store.head(bucket, key).await? else { return Ok(()) };
        if !self.store.entries(key.id).await?.is_empty() {
            return Ok(());
        }
        let Products { entry, metadata, .. } = Products::failed(key, &head, FailureCode::Internal);
        self.store.put_entry(&entry, &metadata).await?;
        // Somebody else may have been luckier just now.
        if self.store.entries(key.id).await?.len() > 1 {
            return self.store.remove(entry.to_string()).await;
        }
        self.announcer.announce(Event::Finished(entry)).await;
        Ok(())
    }
}
