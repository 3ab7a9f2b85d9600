//! How the person's language writes numbers: the browser knows.

#[cfg(target_arch = "wasm32")]
pub(super) use in_browser::Spoken;
#[cfg(not(target_arch = "wasm32"))]
pub(super) use in_tests::Spoken;

#[cfg(target_arch = "wasm32")]
mod in_browser {
    use std::cell::RefCell;

    use js_sys::{Function, Object, Reflect};
    use wasm_bindgen::prelude::wasm_bindgen;
    use wasm_bindgen::{JsCast, JsValue};

    use super::super::fluent::Language;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = Intl, js_name = PluralRules)]
        type PluralRules;
        #[wasm_bindgen(constructor, js_namespace = Intl, js_class = PluralRules)]
        fn new(language: &str) -> PluralRules;
        #[wasm_bindgen(method)]
        fn select(this: &PluralRules, number: f64) -> String;

        #[wasm_bindgen(js_namespace = Intl, js_name = NumberFormat)]
        type NumberFormat;
        #[wasm_bindgen(constructor, js_namespace = Intl, js_class = NumberFormat)]
        fn new(language: &str, options: &Object) -> NumberFormat;
        #[wasm_bindgen(method, getter)]
        fn format(this: &NumberFormat) -> Function;
    }

    /// The language of the page. Making a formatter takes long, so each is made once.
    pub(in super::super) struct Spoken {
        language: String,
        plural: PluralRules,
        formats: RefCell<Vec<(Option<&'static str>, Function)>>,
    }

    impl Spoken {
        pub(in super::super) fn new(language: &str) -> Self {
            Self {
                language: language.to_owned(),
                plural: PluralRules::new(language),
                formats: RefCell::default(),
            }
        }

        /// With one digit after the point at most.
        pub(in super::super) fn number_with(&self, value: f64, unit: Option<&'static str>) -> String {
            let mut formats = self.formats.borrow_mut();
            let at = formats.iter().position(|(known, _)| *known == unit).unwrap_or_else(|| {
                formats.push((unit, self.formatter(unit)));
                formats.len() - 1
            });
            let text = formats[at].1.call1(&JsValue::UNDEFINED, &value.into());
            text.ok().and_then(|text| text.as_string()).unwrap_or_default()
        }

        fn formatter(&self, unit: Option<&str>) -> Function {
            let options = Object::new();
            let set = |name: &str, value: JsValue| {
                let _ = Reflect::set(&options, &name.into(), &value);
            };
            if let Some(unit) = unit {
                set("style", "unit".into());
                set("unit", unit.into());
            }
            set("maximumFractionDigits", 1.into());
            NumberFormat::new(&self.language, &options).format().unchecked_into()
        }
    }

    impl Language for Spoken {
        #[expect(clippy::cast_precision_loss, reason = "plural categories of such numbers do not differ")]
        fn category(&self, number: u64) -> String {
            self.plural.select(number as f64)
        }

        #[expect(clippy::cast_precision_loss, reason = "counts for people")]
        fn number(&self, number: u64) -> String {
            self.number_with(number as f64, None)
        }

        fn is_rtl(&self) -> bool {
            matches!(self.language.get(..2), Some("ar" | "fa" | "he" | "ur"))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod in_tests {
    use super::super::fluent::Language;

    /// English, without a browser.
    pub(in super::super) struct Spoken;

    impl Spoken {
        #[expect(clippy::unused_self, reason = "the one in the browser has a formatter")]
        pub(in super::super) fn number_with(&self, value: f64, unit: Option<&'static str>) -> String {
            let number = format!("{value:.1}").trim_end_matches(".0").to_owned();
            unit.map_or(number.clone(), |unit| format!("{number} {unit}"))
        }
    }

    impl Language for Spoken {
        fn category(&self, number: u64) -> String {
            if number == 1 { "one" } else { "other" }.to_owned()
        }

        fn number(&self, number: u64) -> String {
            number.to_string()
        }

        fn is_rtl(&self) -> bool {
            false
        }
    }
}
