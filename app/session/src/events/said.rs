//! What tabs say to each other about events, over a channel of their own. As JSON: what another build does not know it
//! leaves out.

use holdfast_domain::event::{SessionEvent, Watched};
use holdfast_domain::id::TabId;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// A tab watches this; whoever holds the stream answers.
    Watch { tab: TabId, watched: Watched },
    /// It watches nothing any more.
    Leave { tab: TabId },
    /// The stream is held, and by none of those who hear this.
    Holding,
    /// The stream is held by another one from now on: who watches what?
    Held,
    /// This happened.
    Event(SessionEvent),
}
