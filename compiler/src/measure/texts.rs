//! The values of meanings by numbers: two values are one where their texts are.

use crate::hash::HashMap;
use std::borrow::Cow;

use crate::ir::Literal;

/// The number of a text, or of a list of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Text(u32);

impl Text {
    pub(crate) const fn number(self) -> u32 {
        self.0
    }
}

/// The empty text.
pub(crate) const EMPTY: Text = Text(0);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Form<'m> {
    One(Cow<'m, str>),
    List(Vec<Text>),
}

/// A text with what sets ask of it.
struct Known<'m> {
    form: Form<'m>,
    /// The integer of which this is the decimal text.
    integer: Option<i64>,
    /// The double of which this is the text.
    number: Option<f64>,
    /// Its characters.
    length: usize,
}

/// The texts that are known.
pub(crate) struct Texts<'m> {
    numbers: HashMap<Form<'m>, Text>,
    known: Vec<Known<'m>>,
}

impl<'m> Texts<'m> {
    /// The empty text alone.
    pub(crate) fn new() -> Texts<'m> {
        let mut texts = Texts { numbers: HashMap::default(), known: Vec::new() };
        texts.add(Form::One(Cow::Borrowed("")));
        texts
    }

    /// The number of a literal's text. A list is no text, whatever its elements look like side by side.
    pub(crate) fn literal(&mut self, literal: &'m Literal) -> Text {
        let list = match literal {
            Literal::StringArray(list) => list.iter().map(|text| self.text(text.as_str())).collect(),
            Literal::IntArray(list) => list.iter().map(|number| self.text(number.to_string())).collect(),
            Literal::DoubleArray(list) => list.iter().map(|number| self.text(of_number(*number))).collect(),
            Literal::BoolArray(list) => list.iter().map(|truth| self.text(of_truth(*truth))).collect(),
            Literal::String(text) => return self.text(text.as_str()),
            Literal::Int(number) => return self.text(number.to_string()),
            Literal::Double(number) => return self.text(of_number(*number)),
            Literal::Bool(truth) => return self.text(of_truth(*truth)),
        };
        self.add(Form::List(list))
    }

    /// The number of a text.
    pub(crate) fn text(&mut self, text: impl Into<Cow<'m, str>>) -> Text {
        self.add(Form::One(text.into()))
    }

    fn add(&mut self, form: Form<'m>) -> Text {
        if let Some(number) = self.numbers.get(&form) {
            return *number;
        }
        let number = Text(self.known.len() as u32);
        let text = match &form {
            Form::One(text) => text.as_ref(),
            Form::List(_) => "",
        };
        let numeric = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        let integer = numeric.then(|| text.parse::<i64>().ok()).flatten();
        let integer = integer.filter(|number| number.to_string() == text);
        let double = numeric.then(|| text.parse::<f64>().ok()).flatten();
        let double = double.filter(|number| of_number(*number) == text);
        let length = text.chars().count();
        self.known.push(Known { form: form.clone(), integer, number: double, length });
        self.numbers.insert(form, number);
        number
    }

    fn known(&self, text: Text) -> Option<&Known<'m>> {
        self.known.get(text.0 as usize)
    }

    /// The integer of which this is the decimal text.
    pub(crate) fn integer(&self, text: Text) -> Option<i64> {
        self.known(text)?.integer
    }

    /// The double of which this is the text.
    pub(crate) fn number(&self, text: Text) -> Option<f64> {
        self.known(text)?.number
    }

    /// How many characters it has; none for a list.
    pub(crate) fn length(&self, text: Text) -> Option<usize> {
        self.known(text).filter(|known| matches!(known.form, Form::One(_))).map(|known| known.length)
    }

    /// The elements of a list; none for a text.
    pub(crate) fn elements(&self, text: Text) -> Option<&[Text]> {
        match &self.known(text)?.form {
            Form::One(_) => None,
            Form::List(list) => Some(list),
        }
    }

    /// The text as people read it.
    pub(crate) fn shown(&self, text: Text) -> String {
        match self.known(text).map(|known| &known.form) {
            None => String::new(),
            Some(Form::One(text)) => text.to_string(),
            Some(Form::List(list)) => {
                let elements: Vec<String> = list.iter().map(|element| self.shown(*element)).collect();
                format!("[{}]", elements.join(", "))
            }
        }
    }
}

/// A double as it is shown everywhere: `2.0` keeps its point.
pub(crate) fn of_number(number: f64) -> String {
    slo_model::Value::Double(number).to_string()
}

const fn of_truth(truth: bool) -> &'static str {
    if truth { "true" } else { "false" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_its_text() {
        let (int, text) = (Literal::Int(5), Literal::String("5".to_owned()));
        let (list, joined) = (Literal::IntArray(vec![5, 6]), Literal::String("5, 6".to_owned()));
        let mut texts = Texts::new();
        assert_eq!(texts.literal(&int), texts.literal(&text));
        assert_ne!(texts.literal(&list), texts.literal(&joined));
        assert_eq!(texts.text(""), EMPTY);
    }

    #[test]
    fn only_the_text_that_a_number_has_is_a_number() {
        let mut texts = Texts::new();
        let mut integer = |text: &'static str| {
            let text = texts.text(text);
            (texts.integer(text), texts.number(text))
        };
        assert_eq!(integer("-12"), (Some(-12), None));
        assert_eq!(integer("012"), (None, None));
        assert_eq!(integer("+5"), (None, None));
        assert_eq!(integer("-0"), (None, None));
        assert_eq!(integer("2.0"), (None, Some(2.0)));
        assert_eq!(integer("2.00"), (None, None));
        assert_eq!(integer("1e16"), (None, Some(1e16)));
        assert_eq!(integer("inf"), (None, None));
        assert_eq!(integer("9223372036854775808"), (None, None));
    }
}
