//! Random histories of several replicas: whatever the network does, all end alike.

use holdfast_domain::context::{Context, Entries, TextEdit};
use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::scan::{Coverage, Relation, Scan, scan};
use proptest::prelude::*;
use serde_json::{Value, json};
use yrs::updates::decoder::Decode;
use yrs::{ReadTxn, StateVector, Transact, Update};

use crate::support::{Updates, path, replica, sync};

const REPLICAS: usize = 3;
const PATHS: [&str; 7] = ["/a", "/a/b", "/a/b/c", "/a-b", "/a/t", "/t", "/~0"];

/// One thing that happens to one replica.
#[derive(Clone, Debug)]
enum Happening {
    Patch(Value),
    SetText(usize, String),
    EditText(usize, u32, u32, String),
    Undo,
    Redo,
    /// Goes back to what it read when it last said so.
    Remember,
    Restore,
    Pause,
    /// Receives the update with this number, whoever made it: any order, again, or never.
    Receive(prop::sample::Index),
    /// Receives the difference to another replica.
    Resync(usize),
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "a", "bc", "😀", "one two", "é\u{301}x", "👩‍👧", "\n "])
        .prop_map(String::from)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i8>().prop_map(Value::from),
        word().prop_map(Value::from),
        Just(json!([1, {"x": null}])),
        Just(json!({})),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop::collection::btree_map(prop::sample::select(vec!["a", "b", "c", "t"]), inner, 0..3)
            .prop_map(|fields| fields.into_iter().collect())
    })
}

fn patch() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec!["a", "a-b", "t", "~"]);
    prop::collection::btree_map(key, value(), 1..3).prop_map(|fields| fields.into_iter().collect())
}

fn happening() -> impl Strategy<Value = Happening> {
    let place = 0..PATHS.len();
    prop_oneof![
        4 => patch().prop_map(Happening::Patch),
        3 => (place.clone(), word()).prop_map(|(at, word)| Happening::SetText(at, word)),
        5 => (place, 0..6_u32, 0..3_u32, word())
            .prop_map(|(at, from, delete, word)| Happening::EditText(at, from, delete, word)),
        2 => Just(Happening::Undo),
        1 => Just(Happening::Redo),
        1 => Just(Happening::Remember),
        1 => Just(Happening::Restore),
        2 => Just(Happening::Pause),
        8 => any::<prop::sample::Index>().prop_map(Happening::Receive),
        2 => (0..REPLICAS).prop_map(Happening::Resync),
    ]
}

fn history() -> impl Strategy<Value = Vec<(usize, Happening)>> {
    prop::collection::vec((0..REPLICAS, happening()), 1..60)
}

struct World {
    replicas: Vec<Context>,
    remembered: Vec<Entries>,
    now_ms: i64,
    made: Updates,
}

impl World {
    fn new() -> Self {
        let replicas = [11, 3, 7].map(replica).into();
        Self { replicas, remembered: vec![Entries::new(); REPLICAS], now_ms: 1, made: Vec::new() }
    }

    fn live(history: Vec<(usize, Happening)>) -> Self {
        let mut world = Self::new();
        for (who, happening) in history {
            world.happen(who, happening);
        }
        world
    }

    fn happen(&mut self, who: usize, happening: Happening) {
        let difference = match happening {
            Happening::Resync(from) => {
                Some(self.replicas[from].difference(&self.replicas[who].state_vector()).unwrap())
            }
            _ => None,
        };
        let context = &mut self.replicas[who];
        context.set_now_ms(self.now_ms);
        let before = context.to_json();
        let made = match happening {
            Happening::Patch(patch) => {
                let made = context.patch(&patch).unwrap();
                let mut expected = before.clone();
                merge(&mut expected, &patch);
                assert_eq!(context.to_json(), expected, "{before} patched with {patch}");
                assert_eq!(made.is_empty(), expected == before);
                made
            }
            Happening::SetText(at, text) => {
                let made = context.set_text(&path(PATHS[at]), &text).unwrap();
                assert_eq!(context.get(&path(PATHS[at])), Some(json!(text)));
                made
            }
            Happening::EditText(at, from, delete, insert) => {
                let edit = TextEdit { at: from, delete, insert };
                let made = context.edit_text(&path(PATHS[at]), &edit);
                if made.is_err() {
                    assert_eq!(context.to_json(), before);
                }
                made.unwrap_or_default()
            }
            Happening::Undo => context.undo().map_or(Vec::new(), |(made, _)| made),
            Happening::Redo => context.redo().map_or(Vec::new(), |(made, _)| made),
            Happening::Remember => {
                self.remembered[who] = context.entries();
                Vec::new()
            }
            Happening::Restore => {
                let then = self.remembered[who].clone();
                let restoration = context.restore(&then).unwrap();
                assert_eq!(context.entries(), then);
                let mut undone = Context::new(99);
                undone.apply(&context.encode()).unwrap();
                let reversion = undone.revert(&restoration.replaced).unwrap();
                assert_eq!((undone.to_json(), reversion.kept), (before, vec![]));
                restoration.updates
            }
            Happening::Pause => {
                self.now_ms += 1_000;
                Vec::new()
            }
            Happening::Receive(which) => {
                if !self.made.is_empty() {
                    context.apply(which.get::<Vec<u8>>(&self.made)).unwrap();
                }
                Vec::new()
            }
            Happening::Resync(_) => {
                context.apply(&difference.unwrap()).unwrap();
                Vec::new()
            }
        };
        self.made.extend(made);
    }
}

/// RFC 7396's algorithm as it stands there, on plain values.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(fields) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (key, value) in fields {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(key);
        } else {
            merge(&mut target[key.as_str()], value);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn sync_6_all_converge_after_any_order_loss_and_repetition(history in history()) {
        let mut world = World::live(history);
        // Nobody has everything, and no update is sent again: only differences heal.
        let mut replicas: Vec<&mut Context> = world.replicas.iter_mut().collect();
        sync(&mut replicas);
        for context in &world.replicas {
            prop_assert!(context.waiting().is_empty());
            prop_assert_eq!(context.to_json(), Context::to_json(&reloaded(context)));
            for (path, _) in context.entries() {
                prop_assert!(context.get(&path).is_some());
            }
        }
    }

    #[test]
    fn sync_6_the_log_alone_gives_everything_in_any_order(
        history in history(),
        order in any::<prop::sample::Index>(),
    ) {
        let mut world = World::live(history);
        let mut replicas: Vec<&mut Context> = world.replicas.iter_mut().collect();
        sync(&mut replicas);
        let mut log = world.made.clone();
        let mut from_log = replica(50);
        from_log.apply_all(log.iter().map(Vec::as_slice)).unwrap();
        prop_assert_eq!(from_log.to_json(), world.replicas[0].to_json());
        let middle = order.index(log.len() + 1);
        log.rotate_left(middle);
        log.reverse();
        let mut reversed = replica(51);
        for update in &log {
            reversed.apply(update).unwrap();
        }
        prop_assert!(reversed.waiting().is_empty());
        prop_assert_eq!(reversed.entries(), world.replicas[0].entries());
    }

    #[test]
    fn sync_6_a_coverage_knows_what_an_update_adds(
        history in history(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 0..80),
    ) {
        let world = World::live(history);
        let mut coverage = Coverage::default();
        let mut context = replica(60);
        for pick in picks.iter().filter(|_| !world.made.is_empty()) {
            let update = pick.get(&world.made);
            let scan = scan(update, CONTEXT_BYTES).unwrap();
            let before = content(&context);
            match coverage.relation(&scan) {
                Relation::MissingDependency => continue,
                Relation::Known => {
                    context.apply(update).unwrap();
                    prop_assert_eq!(content(&context), before);
                    prop_assert_eq!(coverage.adding_clients(&scan).count(), 0);
                }
                Relation::Adds => {
                    let inserts = coverage.adding_clients(&scan).next().is_some();
                    coverage.add(&scan);
                    context.apply(update).unwrap();
                    prop_assert!(context.waiting().is_empty());
                    // A merge deletes the losing value of a key by itself, which no update said yet.
                    prop_assert!(!inserts || content(&context) != before);
                }
            }
            prop_assert_eq!(coverage.relation(&scan), Relation::Known);
            prop_assert_eq!(StateVector::decode_v1(&coverage.state_vector()).unwrap(), vector(&context));
            prop_assert_eq!(&Coverage::decode(&coverage.encode()).unwrap(), &coverage);
        }
        let clocks = Coverage::from_state_vector(&coverage.state_vector()).unwrap();
        prop_assert!(clocks.clients().eq(coverage.clients()));
    }

    #[test]
    fn sync_6_of_a_whole_difference_the_log_takes_what_it_does_not_have(
        history in history(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
    ) {
        let mut world = World::live(history);
        let wholes: Vec<_> = world.replicas.iter().map(Context::encode).collect();
        let (mut log, mut coverage) = (replica(80), Coverage::default());
        let picked = picks.iter().filter(|_| !world.made.is_empty()).map(|pick| pick.get(&world.made));
        for update in picked.chain(&wholes) {
            let whole = scan(update, CONTEXT_BYTES).unwrap();
            if coverage.relation(&whole) != Relation::Adds {
                continue;
            }
            let beyond = coverage.beyond(update).unwrap().unwrap_or_else(|| update.clone());
            let new = scan(&beyond, CONTEXT_BYTES).unwrap();
            prop_assert_eq!(&new.deletes, &whole.deletes);
            let here = StateVector::decode_v1(&coverage.state_vector()).unwrap();
            for (client, inserted) in &new.inserts {
                prop_assert!(inserted[0].0 >= here.get(&yrs::block::ClientID::new(*client)));
            }
            coverage.add(&new);
            prop_assert_eq!(coverage.relation(&whole), Relation::Known);
            log.apply(&beyond).unwrap();
        }
        let mut replicas: Vec<&mut Context> = world.replicas.iter_mut().collect();
        sync(&mut replicas);
        let mut merged = replica(82);
        merged.apply_all(wholes.iter().map(Vec::as_slice)).unwrap();
        if merged.waiting().is_empty() {
            prop_assert_eq!(log.entries(), world.replicas[0].entries());
        }
    }
}

/// The state vector as yrs has it.
fn vector(context: &Context) -> StateVector {
    let doc = yrs::Doc::new();
    doc.transact_mut().apply_update(Update::decode_v1(&context.encode()).unwrap()).unwrap();
    doc.transact().state_vector()
}

fn reloaded(context: &Context) -> Context {
    let mut copy = replica(70);
    copy.apply(&context.encode()).unwrap();
    copy
}

/// What a document holds: clocks and deletions, and what is read.
fn content(context: &Context) -> (StateVector, Scan, Value) {
    (vector(context), scan(&context.encode(), CONTEXT_BYTES).unwrap(), context.to_json())
}
