//! Code that was generated for another version of the runtime: one sentence, and not one for each name in it.

mod contracts {
    ::slo::__generated_code!(3);
    use ::slo::__private::v3 as __slo;

    pub static CONTRACT: __slo::tables::Contract<'static> = __slo::tables::Contract { name: "pay", streams: &[] };

    pub struct Attempt {
        pub method: __slo::Text,
    }

    impl __slo::Event for Attempt {
        type When = __slo::Period;
        const TABLE: &'static __slo::tables::Event<'static> = &__slo::tables::Event { name: "Attempt", fields: &[] };

        fn values<'a>(&'a self, values: &mut __slo::Values<'_, 'a>) {
            values.value(0, &self.method);
        }
    }
}

fn main() {
    let _ = &contracts::CONTRACT;
}
