//! Differences, as they are read.

use holdfast_domain::snapshot::DifferenceKind;
use leptos::either::EitherOf4;
use leptos::prelude::*;

use super::readable::{Line, Mark, Piece, Row};

/// A text longer than this may need scrolling, also by keys; characters.
const LONG: usize = 600;

/// One card for each thing that a person knows by a name.
#[component]
pub(super) fn DifferenceList(
    /// What differs.
    rows: Vec<Row>,
    /// Nothing is done to them: only what is there now is shown.
    #[prop(optional)]
    stays: bool,
) -> impl IntoView {
    let cards = rows.into_iter().map(|row| card(row, stays)).collect_view();
    view! { <ul class="differences">{cards}</ul> }
}

fn card(row: Row, stays: bool) -> impl IntoView {
    let (kind, words) = match row.kind {
        _ if stays => ("stays", "stays"),
        DifferenceKind::Added => ("added", "comes back"),
        DifferenceKind::Removed => ("removed", "goes"),
        DifferenceKind::Changed => ("changed", "changes"),
    };
    let gone = stays && row.kind == DifferenceKind::Added;
    let gone = gone.then(|| view! { <p class="difference-body muted">"It is not there now."</p> });
    let lines = row.lines.into_iter().map(|line| body(line, stays)).collect_view();
    view! {
        <li class="difference" data-kind=kind>
            <div class="difference-head">
                <h3>{row.title}</h3>
                <span class="difference-kind">{words}</span>
            </div>
            {lines}
            {gone}
        </li>
    }
}

fn body(line: Line, stays: bool) -> Option<impl IntoView> {
    let mut pieces = line.pieces;
    if stays {
        pieces.retain(|piece| piece.mark != Mark::ComesBack);
        for piece in pieces.iter_mut().filter(|piece| piece.mark == Mark::Goes) {
            piece.mark = Mark::Stays;
        }
    }
    let long = pieces.iter().map(|piece| piece.text.chars().count()).sum::<usize>() > LONG;
    let about = line.about.map(|about| view! { <span class="muted">{about}": "</span> });
    (!pieces.is_empty()).then(|| {
        view! {
            <p class="difference-body" tabindex=long.then_some("0")>
                {about}
                {pieces.into_iter().map(piece).collect_view()}
            </p>
        }
    })
}

fn piece(piece: Piece) -> impl IntoView {
    let text = match piece.code {
        true => view! { <code>{piece.text}</code> }.into_any(),
        false => piece.text.into_any(),
    };
    match piece.mark {
        Mark::Stays => EitherOf4::A(text),
        Mark::Gap => EitherOf4::B(view! { <span class="difference-gap">{text}</span> }),
        Mark::ComesBack => EitherOf4::C(view! { <ins>{text}</ins> }),
        Mark::Goes => EitherOf4::D(view! { <del>{text}</del> }),
    }
}
