use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use unic_langid::LanguageIdentifier;

use super::super::FILES;
use super::*;

/// Plural categories as the full library has them.
struct Known(intl_pluralrules::PluralRules);

impl Known {
    fn new(language: &str) -> Self {
        let id: LanguageIdentifier = language.parse().unwrap();
        Self(intl_pluralrules::PluralRules::create(id, intl_pluralrules::PluralRuleType::CARDINAL).unwrap())
    }
}

impl Language for Known {
    fn category(&self, number: u64) -> String {
        format!("{:?}", self.0.select(number).unwrap()).to_lowercase()
    }

    fn number(&self, number: u64) -> String {
        number.to_string()
    }

    fn is_rtl(&self) -> bool {
        false
    }
}

const NUMBERS: [&str; 8] = ["count", "ready", "failed", "files", "n", "width", "height", "unused"];
const TEXTS: [&str; 8] = ["name", "action", "sent", "total", "bytes", "max", "size", "unused-text"];

/// Every message of every language, with every number that a plural rule may look at.
#[test]
fn says_what_the_full_library_says() {
    for (language, source) in FILES {
        let messages = Messages::parse(source);
        let resource =
            FluentResource::try_new(source.to_owned()).unwrap_or_else(|(_, why)| panic!("{why:?}"));
        let mut bundle = FluentBundle::new(vec![language.parse().unwrap()]);
        bundle.set_use_isolating(false);
        bundle.add_resource(&resource).unwrap();
        for number in [0, 1, 2, 3, 10, 11, 99, 100, 1_000_000_u64] {
            let mut args: Vec<_> = NUMBERS.map(|name| (name, Arg::Number(number))).to_vec();
            args.extend(TEXTS.map(|name| (name, Arg::Text("a b.jpg"))));
            let mut full_args = FluentArgs::new();
            for name in NUMBERS {
                full_args.set(name, number);
            }
            for name in TEXTS {
                full_args.set(name, "a b.jpg");
            }
            for id in messages.ids() {
                let message = bundle.get_message(id).unwrap_or_else(|| panic!("{language}: {id}"));
                let mut errors = Vec::new();
                let full = bundle.format_pattern(message.value().unwrap(), Some(&full_args), &mut errors);
                assert!(errors.is_empty(), "{language}: {id}: {errors:?}");
                assert_eq!(messages.format(&Known::new(language), id, &args), full, "{language}: {id}");
            }
        }
    }
}

#[test]
fn every_language_has_the_same_messages() {
    let ids = |source| Messages::parse(source).ids().map(str::to_owned).collect::<Vec<_>>();
    let english = ids(FILES[0].1);
    assert!(english.len() > 90);
    for (language, source) in FILES {
        assert_eq!(ids(source), english, "{language}");
    }
}

#[test]
fn a_name_of_the_other_direction_is_kept_apart() {
    struct Arabic;
    impl Language for Arabic {
        fn category(&self, _: u64) -> String {
            "other".into()
        }
        fn number(&self, number: u64) -> String {
            number.to_string()
        }
        fn is_rtl(&self) -> bool {
            true
        }
    }
    let messages = Messages::parse("a = x { $name } y");
    assert_eq!(messages.format(&Arabic, "a", &[("name", Arg::Text("1.jpg"))]), "x \u{2068}1.jpg\u{2069} y");
}

#[test]
fn nonsense_stays_text() {
    let messages = Messages::parse("a = { $n ->\nb = {\n = c\n} d\nno message");
    for id in ["a", "b", "c", "none"] {
        let _ = messages.format(&Known::new("en"), id, &[("n", Arg::Number(1))]);
    }
    assert_eq!(messages.format(&Known::new("en"), "none", &[]), "none");
}
