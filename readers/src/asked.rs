//! What an expression asks for.

use std::collections::BTreeSet;

use promql_parser::label::{MatchOp, Matcher};
use promql_parser::parser::token::{T_COUNT_VALUES, T_LAND, T_LUNLESS};
use promql_parser::parser::{
    AggregateExpr, BinaryExpr, Call, Expr, LabelModifier, VectorMatchCardinality, VectorSelector,
};

use crate::variables::has_variable;

/// The label in which a server keeps a series' name.
pub(crate) const NAME: &str = "__name__";

/// What an expression asks for.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) selectors: Vec<Selector>,
    pub(crate) labels: Vec<LabelAsked>,
    /// Whether a series' name is a variable of the dashboard.
    pub(crate) has_variable_name: bool,
    /// The labels that the result has and no others, where that is known.
    pub(crate) result: Option<BTreeSet<String>>,
}

/// Series that are selected.
#[derive(Debug)]
pub(crate) struct Selector {
    pub(crate) name: Selected,
    /// What is asked of labels, but for the name.
    pub(crate) matchers: Vec<Matcher>,
}

/// By which name.
#[derive(Debug)]
pub(crate) enum Selected {
    One(String),
    /// All whose names it matches.
    Matching(Matcher),
    /// Nobody knows before it is asked.
    Any,
}

/// A label that is named elsewhere than in a selector.
#[derive(Debug)]
pub(crate) struct LabelAsked {
    pub(crate) label: String,
    /// The selectors of which one is to have it, by their numbers.
    pub(crate) of: Vec<usize>,
}

/// What a part of an expression results in.
#[derive(Clone, Debug, Default)]
struct Part {
    /// The selectors that its labels come from.
    of: Vec<usize>,
    /// Labels that a function or an aggregation made.
    made: BTreeSet<String>,
    /// Whether labels may be there that nobody knows of.
    open: bool,
    /// All its labels, where they are listed.
    only: Option<BTreeSet<String>>,
}

impl Part {
    /// Whether it is a number, or a text: it has no labels to bring.
    fn is_number(&self) -> bool {
        self.of.is_empty() && self.made.is_empty() && !self.open
    }

    /// Both, where either may bring labels.
    fn and(mut self, other: Part) -> Part {
        if self.is_number() {
            return other;
        }
        if other.is_number() {
            return self;
        }
        self.of.extend(other.of);
        self.made.extend(other.made);
        self.open |= other.open;
        self.only = self.only.filter(|only| other.only.as_ref() == Some(only));
        self
    }
}

impl Asked {
    pub(crate) fn of(expression: &Expr) -> Asked {
        let mut asked = Asked::default();
        let part = asked.part(expression);
        asked.result = part.only;
        asked
    }

    fn part(&mut self, expression: &Expr) -> Part {
        match expression {
            Expr::Aggregate(aggregate) => self.aggregate(aggregate),
            Expr::Unary(unary) => self.part(&unary.expr),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Paren(paren) => self.part(&paren.expr),
            Expr::Subquery(subquery) => self.part(&subquery.expr),
            Expr::NumberLiteral(_) | Expr::StringLiteral(_) => Part::default(),
            Expr::VectorSelector(selector) => self.selector(selector),
            Expr::MatrixSelector(matrix) => self.selector(&matrix.vs),
            Expr::Call(call) => self.call(call),
            Expr::Extension(_) => Part { open: true, ..Part::default() },
        }
    }

    fn selector(&mut self, selector: &VectorSelector) -> Part {
        let mut name = selector.name.clone().map(Selected::One);
        let mut matchers = Vec::new();
        for matcher in &selector.matchers.matchers {
            match matcher.op {
                _ if matcher.name != NAME => matchers.push(matcher.clone()),
                MatchOp::Equal => name = Some(Selected::One(matcher.value.clone())),
                MatchOp::Re(_) if name.is_none() => name = Some(Selected::Matching(matcher.clone())),
                _ => {}
            }
        }
        let is_variable = match &name {
            Some(Selected::One(name)) => has_variable(name),
            Some(Selected::Matching(matcher)) => has_variable(&matcher.value),
            Some(Selected::Any) | None => false,
        };
        self.has_variable_name |= is_variable;
        // Of alternatives any may hold.
        let has_alternatives = !selector.matchers.or_matchers.is_empty();
        let name = name.filter(|_| !is_variable && !has_alternatives).unwrap_or(Selected::Any);
        let number = self.selectors.len();
        self.selectors.push(Selector { name, matchers });
        Part { of: vec![number], ..Part::default() }
    }

    /// Asks for a label, unless it was made on the way.
    fn ask(&mut self, label: &str, part: &Part) {
        if part.open || part.of.is_empty() || part.made.contains(label) || has_variable(label) {
            return;
        }
        self.labels.push(LabelAsked { label: label.to_owned(), of: part.of.clone() });
    }

    fn aggregate(&mut self, aggregate: &AggregateExpr) -> Part {
        let mut part = self.part(&aggregate.expr);
        let made = match aggregate.param.as_deref() {
            Some(Expr::StringLiteral(label)) if aggregate.op.id() == T_COUNT_VALUES => {
                Some(label.val.clone())
            }
            Some(param) => {
                self.part(param);
                None
            }
            None => None,
        };
        let labels = aggregate.modifier.iter().flat_map(|modifier| &modifier.labels().labels);
        for label in labels {
            self.ask(label, &part);
        }
        // What picks elements keeps their labels.
        if !picks(&aggregate.op.to_string()) {
            part.only = match &aggregate.modifier {
                Some(LabelModifier::Include(labels)) => Some(labels.labels.iter().cloned().collect()),
                Some(LabelModifier::Exclude(_)) => None,
                None => Some(BTreeSet::new()),
            };
        }
        if let Some(made) = made {
            part.only = part.only.map(|only| only.into_iter().chain([made.clone()]).collect());
            part.made.insert(made);
        }
        part
    }

    fn binary(&mut self, binary: &BinaryExpr) -> Part {
        let left = self.part(&binary.lhs);
        let right = self.part(&binary.rhs);
        let both = left.clone().and(right.clone());
        let Some(modifier) = &binary.modifier else { return joined(binary, left, right) };
        match &modifier.matching {
            Some(LabelModifier::Include(labels)) => {
                for label in &labels.labels {
                    self.ask(label, &left);
                    self.ask(label, &right);
                }
            }
            // That one side lacks it is why it is ignored.
            Some(LabelModifier::Exclude(labels)) => {
                labels.labels.iter().for_each(|label| self.ask(label, &both));
            }
            None => {}
        }
        let (one, brought) = match &modifier.card {
            VectorMatchCardinality::ManyToOne(labels) => (&right, &labels.labels),
            VectorMatchCardinality::OneToMany(labels) => (&left, &labels.labels),
            VectorMatchCardinality::OneToOne | VectorMatchCardinality::ManyToMany => {
                return joined(binary, left, right);
            }
        };
        for label in brought {
            self.ask(label, one);
        }
        both
    }

    fn call(&mut self, call: &Call) -> Part {
        let arguments = &call.args.args;
        let texts: Vec<Option<&str>> = arguments.iter().map(|argument| text(argument)).collect();
        let said = |number: usize| texts.get(number).copied().flatten();
        let mut part = Part::default();
        for argument in arguments {
            part = part.and(self.part(argument));
        }
        match call.func.name {
            "label_replace" => {
                if let Some(label) = said(3).filter(|label| !label.is_empty()) {
                    self.ask(label, &part);
                }
                part.made.extend(said(1).map(str::to_owned));
                part.only = None;
            }
            "label_join" => {
                for label in texts.iter().skip(3).flatten() {
                    self.ask(label, &part);
                }
                part.made.extend(said(1).map(str::to_owned));
                part.only = None;
            }
            "sort_by_label" | "sort_by_label_desc" => {
                for label in texts.iter().skip(1).flatten() {
                    self.ask(label, &part);
                }
            }
            // Its labels are those of the matchers; and `info` brings those of other series.
            "absent" | "absent_over_time" | "info" => (part.open, part.only) = (true, None),
            "scalar" => return Part::default(),
            "histogram_quantile" | "histogram_fraction" => {
                if let Some(only) = &mut part.only {
                    only.remove("le");
                }
            }
            _ => {}
        }
        part
    }
}

/// Whether an aggregation keeps the elements that it picks as they are.
fn picks(operation: &str) -> bool {
    matches!(operation, "topk" | "bottomk" | "limitk" | "limit_ratio")
}

/// Two sides of an operator, without labels that one brings to the other.
fn joined(binary: &BinaryExpr, left: Part, right: Part) -> Part {
    if matches!(binary.op.id(), T_LAND | T_LUNLESS) {
        return left;
    }
    left.and(right)
}

fn text(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::StringLiteral(literal) => Some(&literal.val),
        Expr::Paren(paren) => text(&paren.expr),
        _ => None,
    }
}
