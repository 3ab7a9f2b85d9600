//! Whether what is there is what would be made.

use crate::event::Created;
use crate::process::Derived;
use crate::record::Record;
use crate::{Processor, Retry};

use super::Step;

impl Processor {
    /// Makes everything once more, writes nothing, and compares.
    pub(super) async fn compare(&self, created: &Created) -> Result<Step, Retry> {
        let mut there = self.store.keys(created.key.id).await?;
        let mut record = Record::new(created);
        let Some(Derived { mut products, original, .. }) = self.derive(created, &mut record).await? else {
            return Ok(match there.first() {
                None => Step::Same,
                Some(key) => Step::Different(format!("there is {key}, but no original")),
            });
        };
        if let Some(original) = original {
            products.add(self.make_larger(original, &mut record).await?);
        }
        for key in products.keys() {
            match there.iter().position(|known| *known == key) {
                Some(at) => drop(there.swap_remove(at)),
                None => return Ok(Step::Different(format!("{key} is missing"))),
            }
        }
        if let Some(key) = there.first() {
            return Ok(Step::Different(format!("{key} would not be made")));
        }
        for (key, bytes) in &products.pictures {
            if self.store.made(key.clone()).await?.as_ref() != Some(bytes) {
                return Ok(Step::Different(format!("{key} holds something else")));
            }
        }
        let entry = products.entry.to_string();
        let details = self.store.made(entry.clone()).await?;
        let details = details.and_then(|json| serde_json::from_slice(&json).ok());
        if details.as_ref() != Some(&products.metadata) {
            return Ok(Step::Different(format!("{entry} holds something else")));
        }
        Ok(Step::Same)
    }
}
