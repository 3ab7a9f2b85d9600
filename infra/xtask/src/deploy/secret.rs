//! The secret that the CDN sends to the API. Terraform's state keeps it; nobody has to know it.

use anyhow::{Result, anyhow};

use crate::shell::Run;

/// Its bytes, before they are written as hex.
const BYTES: usize = 32;

/// What Terraform is told.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secrets {
    present: String,
    previous: Option<String>,
}

/// Keeps the secret that there is; makes one where there is none, or where a new one is wanted.
pub(crate) fn choose(kept: Option<String>, rotate: bool) -> Result<Secrets> {
    let kept = kept.map(|kept| kept.trim().to_owned()).filter(|kept| !kept.is_empty());
    Ok(match kept {
        Some(kept) if !rotate => Secrets { present: kept, previous: None },
        previous => Secrets { present: fresh()?, previous },
    })
}

impl Secrets {
    /// By the environment: arguments of programs can be seen by others on the machine.
    pub(crate) fn hand_to(&self, run: Run) -> Run {
        let run = run.env("TF_VAR_origin_secret", &self.present);
        match &self.previous {
            Some(previous) => run.env("TF_VAR_previous_origin_secret", previous),
            None => run,
        }
    }
}

fn fresh() -> Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("no random numbers: {error}"))?;
    Ok(hex::encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_stays_until_a_new_one_is_wanted() {
        let kept = || Some("abc\n".to_owned());
        let same = choose(kept(), false).unwrap();
        assert_eq!((same.present.as_str(), same.previous), ("abc", None));
        let other = choose(kept(), true).unwrap();
        assert_eq!(other.previous.as_deref(), Some("abc"));
        assert!(other.present.len() == 64 && other.present != choose(None, false).unwrap().present);
    }
}
