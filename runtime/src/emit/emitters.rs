//! Where an event keeps its instruments.

/// Where an event keeps its instruments: a static of each event type.
#[derive(Default)]
pub struct Emitters {
    /// Those of the telemetry that the program installed.
    #[cfg(feature = "emit")]
    installed: std::sync::OnceLock<super::emitter::Emitter>,
    /// Those of OpenTelemetry's global providers, where nothing was installed when the first event was recorded.
    #[cfg(feature = "emit")]
    global: std::sync::OnceLock<super::emitter::Emitter>,
    /// Whether the event is one that is specialized: points have their numbers from it then.
    #[cfg(feature = "emit")]
    pub(crate) specialized: bool,
}

impl Emitters {
    /// No instruments yet: they are made for the first event.
    #[must_use]
    pub const fn new() -> Emitters {
        Emitters::of(false)
    }

    /// Those of an event that is specialized.
    #[must_use]
    pub const fn specialized() -> Emitters {
        Emitters::of(true)
    }

    const fn of(specialized: bool) -> Emitters {
        #[cfg(not(feature = "emit"))]
        let _ = specialized;
        Emitters {
            #[cfg(feature = "emit")]
            installed: std::sync::OnceLock::new(),
            #[cfg(feature = "emit")]
            global: std::sync::OnceLock::new(),
            #[cfg(feature = "emit")]
            specialized,
        }
    }
}

impl std::fmt::Debug for Emitters {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Emitters").finish_non_exhaustive()
    }
}

#[cfg(feature = "emit")]
mod found {
    use std::ops::Deref;
    use std::sync::Arc;

    use opentelemetry::Context;
    use slo_model::event::Event as Table;

    use super::Emitters;
    use crate::emit::emitter::Emitter;
    use crate::emit::telemetry::{Current, Telemetry, installed};

    /// An event's instruments, for as long as a recording needs them.
    pub(crate) enum Found {
        Static(&'static Emitter),
        Shared(Arc<Emitter>),
    }

    impl Deref for Found {
        type Target = Emitter;

        fn deref(&self) -> &Emitter {
            match self {
                Found::Static(emitter) => emitter,
                Found::Shared(emitter) => emitter,
            }
        }
    }

    impl Emitters {
        /// The instruments for an event under this context: of the telemetry that the context carries, else of the
        /// installed one, else of the global providers.
        pub(crate) fn find(&'static self, table: &'static Table<'static>, context: &Context) -> Found {
            if let Some(Current(telemetry)) = context.get::<Current>() {
                return Found::Shared(telemetry.emitter(self, table));
            }
            if let Some(emitter) = self.installed.get() {
                return Found::Static(emitter);
            }
            Found::Static(match installed() {
                Some(telemetry) => {
                    self.installed.get_or_init(|| Emitter::new(table, telemetry, self.specialized))
                }
                None => {
                    self.global.get_or_init(|| Emitter::new(table, Telemetry::of_globals(), self.specialized))
                }
            })
        }
    }
}

#[cfg(feature = "emit")]
pub(crate) use found::Found;
