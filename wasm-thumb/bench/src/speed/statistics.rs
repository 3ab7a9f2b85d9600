//! What is said about many measurements.

/// The value below which `part` (0 to 1) of the values lie, between two neighbours in proportion.
///
/// # Panics
/// If there is no value.
pub(super) fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "there are few values")]
    let place = part * (sorted.len() - 1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is an index, rounded down"
    )]
    let below = place as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * place.fract()
}

/// The mean for ratios: twice as fast on one file and half as fast on another cancel out.
///
/// # Panics
/// If there is no value.
pub(super) fn geometric_mean(values: &[f64]) -> f64 {
    assert!(!values.is_empty(), "the mean of nothing");
    #[expect(clippy::cast_precision_loss, reason = "there are few values")]
    let count = values.len() as f64;
    (values.iter().map(|value| value.ln()).sum::<f64>() / count).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_neighbours() {
        let values = [4.0, 1.0, 3.0, 2.0];
        let found = [0.0, 0.25, 0.5, 1.0].map(|part| quantile(&values, part));
        assert_eq!(found.map(|value| format!("{value:.2}")), ["1.00", "1.75", "2.50", "4.00"]);
        assert!((quantile(&[7.0], 0.75) - 7.0).abs() < 1e-12);
    }

    #[test]
    fn opposite_ratios_cancel_out() {
        assert!((geometric_mean(&[2.0, 0.5]) - 1.0).abs() < 1e-12);
        assert!((geometric_mean(&[3.0, 3.0, 3.0]) - 3.0).abs() < 1e-12);
    }
}
