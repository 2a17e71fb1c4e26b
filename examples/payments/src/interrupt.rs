//! Ctrl-C: the first ends the requests, the second the program.

use tokio::signal::ctrl_c;
use tokio::sync::watch;

/// The status of a program that SIGINT ended, as shells have it.
const INTERRUPTED: i32 = 130;

/// Whether whoever runs the program wants no more requests.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// Listens from now on; `told` is called once, at the first.
    pub(crate) fn listen(told: impl FnOnce() + Send + 'static) -> Interrupt {
        let (tell, asked) = watch::channel(false);
        tokio::spawn(async move {
            // Where there is no such signal, nobody asks.
            if ctrl_c().await.is_ok() {
                tell.send_replace(true);
                told();
                if ctrl_c().await.is_ok() {
                    // The services see their input close, and end.
                    std::process::exit(INTERRUPTED);
                }
            }
        });
        Interrupt(asked)
    }

    /// Nobody asks.
    pub(crate) fn never() -> Interrupt {
        Interrupt(watch::channel(false).1)
    }

    pub(crate) fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Is over when it is asked for.
    pub(crate) async fn asked(&self) {
        // It fails where nobody can ask any more.
        if self.0.clone().wait_for(|is_asked| *is_asked).await.is_err() {
            std::future::pending().await
        }
    }
}
