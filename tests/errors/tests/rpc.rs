//! tonic.

use tonic::{Code, Status};

use crate::{code, rows};

#[test]
fn each_status() {
    let known = rows("grpc");
    assert_eq!(known.len(), 16);
    for (number, said) in known {
        let number: i32 = number.parse().unwrap();
        assert_eq!(code(Status::new(Code::from_i32(number), "why")), said);
        assert_eq!(slo::ErrorCode::from(Code::from_i32(number)).wire(), said);
    }
    // Neither an error nor a code: whoever makes an error of it knows no more.
    assert_eq!(code(Status::ok("fine")), "RPC_UNKNOWN");
    assert_eq!(
        code(Status::from(std::io::Error::from(std::io::ErrorKind::TimedOut))),
        "RPC_DEADLINE_EXCEEDED"
    );
}
