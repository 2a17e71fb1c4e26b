//! `std::io`.

use std::fs::File;
use std::io::{Error, Read};
use std::net::{TcpListener, TcpStream};

use crate::code;

#[test]
fn what_the_system_refuses() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(code(File::open(folder.path().join("none")).unwrap_err()), "OS_NOT_FOUND");
    assert_eq!(code(std::fs::create_dir(folder.path()).unwrap_err()), "OS_ALREADY_EXISTS");
    std::fs::write(folder.path().join("a"), "a").unwrap();
    assert_eq!(code(std::fs::read(folder.path().join("a/b")).unwrap_err()), "OS_NOT_A_DIRECTORY");
    assert_eq!(code(std::fs::remove_dir(folder.path()).unwrap_err()), "OS_DIRECTORY_NOT_EMPTY");
    assert_eq!(code(b"".as_slice().read_exact(&mut [0]).unwrap_err()), "OS_UNEXPECTED_END");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    assert_eq!(code(TcpListener::bind(address).unwrap_err()), "OS_ADDRESS_IN_USE");
    drop(listener);
    assert_eq!(code(TcpStream::connect(address).unwrap_err()), "OS_CONNECTION_REFUSED");
}

/// What an error wraps is the program's own; what the wrapper says of its kind is kept.
#[test]
fn an_error_of_the_programs_own() {
    assert_eq!(code(Error::other("no")), "OS_OTHER");
    assert_eq!(code(Error::new(std::io::ErrorKind::TimedOut, "late")), "OS_TIMED_OUT");
    #[cfg(unix)]
    assert_eq!(code(Error::from_raw_os_error(24)), "OS_TOO_MANY_OPEN_FILES");
}
