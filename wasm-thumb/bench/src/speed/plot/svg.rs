//! The few elements of SVG that the plot is made of.

/// Light, and dark where that is preferred. The picture brings its own background, as a page may be light where
/// the system is dark. The colours are those of Okabe and Ito, which people with any colour vision can tell apart.
const STYLE: &str = "
text { font-family: system-ui, sans-serif; font-size: 12px; fill: #1f2328; }
.back { fill: #ffffff; stroke: #d1d9e0; }
.title { font-size: 16px; font-weight: 600; }
.panel { font-weight: 600; }
.note { fill: #59636e; }
.name { text-anchor: end; }
.value { font-variant-numeric: tabular-nums; }
.engine { fill: #0072b2; }
.wasm { fill: #56b4e9; }
.vips { fill: #e69f00; }
.sharp { fill: #d55e00; }
.pillow { fill: #009e73; }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc; }
.back { fill: #0d1117; stroke: #3d444d; }
.note { fill: #9198a1; }
.engine { fill: #2b8fd0; }
}
";

/// A whole drawing of the given size in pixels.
pub(super) fn document((width, height): (f64, f64), title: &str, description: &str, body: &str) -> String {
    let (width, height) = (rounded(width), rounded(height));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"title description\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"description\">{description}</desc>\n\
         <style>{STYLE}</style>\n\
         <rect class=\"back\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\"/>\n\
         {body}</svg>\n",
        escaped(title),
        width - 1.0,
        height - 1.0,
    )
}

/// Words whose base line begins at `x`, `y`, or ends there where the class says so.
pub(super) fn text(class: &str, x: f64, y: f64, words: &str) -> String {
    let (x, y) = (rounded(x), rounded(y));
    format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>\n", escaped(words))
}

pub(super) fn rectangle(class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) -> String {
    let [x, y, width, height] = [x, y, width, height].map(rounded);
    format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"2\"/>\n")
}

pub(super) fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A tenth of a pixel is more than can be seen.
fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
