use slo::SloAttributes;

#[derive(SloAttributes)]
struct UserService {
    #[slo("service.name,requierd")]
    name: String,
    #[slo("service.version", env = "SERVICE-VERSION")]
    version: String,
    #[slo("service.tier,required,static=backend")]
    tier: String,
}

fn main() {}
