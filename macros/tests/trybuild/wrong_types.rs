use slo::SloAttributes;

struct Secret;

#[derive(SloAttributes)]
struct UserService {
    #[slo("service.name", required)]
    name: u32,
    #[slo("service.versoin", env = "SERVICE_VERSION")]
    version: String,
    #[slo("acme.secret")]
    secret: Secret,
}

fn main() {}
