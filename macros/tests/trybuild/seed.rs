//! Both spellings, with what shadows the prelude.
#![deny(warnings)]
#![allow(dead_code, non_camel_case_types)]

mod shadowed {
    pub struct Option;
    pub struct Result;
    pub struct Some;
    pub struct None;
    pub struct Vec;
    pub struct Box;
    pub trait Default {}
    pub mod core {}
    pub mod std {}

    #[derive(slo::SloAttributes)]
    pub struct UserService {
        #[slo("service.name", required)]
        pub name: ::std::string::String,
        #[slo("service.version,env=SERVICE_VERSION")]
        pub version: ::std::string::String,
        #[slo("service.tier,static=backend")]
        pub tier: ::std::string::String,
    }
}

#[derive(slo::SloAttributes)]
struct Generic<'a, T> {
    #[slo("service.name", required)]
    name: &'a str,
    #[slo("acme.replicas")]
    replicas: T,
}

fn main() {
    use slo::SloAttributes;

    let service = shadowed::UserService { name: "fin-pay-prod".into(), version: "1.0.0".into(), tier: String::new() };
    assert_eq!(service.assemble().build().unwrap().attributes().count(), 3);
    let generic = Generic { name: "fin-pay-prod", replicas: 3_u8 };
    assert_eq!(generic.assemble().build().unwrap().attributes().count(), 2);
}
