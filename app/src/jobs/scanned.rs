//! What a scan found: types by their size, the largest files, and what is there more than once.

use holdfast_domain::job::{Duplicates, FileEntry, ScanResult, TypeTotal};
use leptos::prelude::*;

use super::words::{bytes, number};

/// Rows of each table.
const ROWS: usize = 10;

/// The report.
#[component]
pub(super) fn Scanned(result: ScanResult) -> impl IntoView {
    let ScanResult { types, largest, duplicates, bytes: all, .. } = result;
    view! {
        <div class="report">
            <Types types=types all=all />
            <Largest files=largest />
            <Twice groups=duplicates />
        </div>
    }
}

/// A bar for each type, as long as its share; the words beside it say the same.
#[component]
fn Types(types: Vec<TypeTotal>, all: u64) -> impl IntoView {
    let most = types.iter().map(|one| one.bytes).max().unwrap_or(0).max(1);
    let rows = types.into_iter().take(ROWS).map(move |one| {
        let name = match one.extension.as_str() {
            "" => "without".to_owned(),
            extension => extension.to_owned(),
        };
        let share = one.bytes * 100 / all.max(1);
        let length = one.bytes * 100 / most;
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="report-bar">
                    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="chart-bar" width=length height="8"></rect>
                    </svg>
                </td>
                <td>{bytes(one.bytes)}</td>
                <td>{format!("{share} %")}</td>
                <td>{number(one.files)}</td>
            </tr>
        }
    });
    view! {
        <table class="figures">
            <caption class="label">"Types"</caption>
            <thead>
                <tr>
                    <th scope="col">"Type"</th>
                    <th scope="col">
                        <span class="visually-hidden">"As a bar"</span>
                    </th>
                    <th scope="col">"Size"</th>
                    <th scope="col">"Share"</th>
                    <th scope="col">"Files"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Largest(files: Vec<FileEntry>) -> impl IntoView {
    let rows = files.into_iter().take(ROWS).map(|file| {
        view! {
            <tr>
                <th scope="row">{file.path}</th>
                <td>{bytes(file.bytes)}</td>
            </tr>
        }
    });
    view! {
        <table class="figures">
            <caption class="label">"Largest files"</caption>
            <thead>
                <tr>
                    <th scope="col">"File"</th>
                    <th scope="col">"Size"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Twice(groups: Vec<Duplicates>) -> impl IntoView {
    (!groups.is_empty()).then(|| {
        let rows = groups.into_iter().take(ROWS).map(|group| {
            let wasted = group.bytes.saturating_mul(group.files.saturating_sub(1));
            let paths = group.paths.into_iter().map(|path| view! { <span>{path}</span> });
            view! {
                <tr>
                    <th scope="row">{paths.collect_view()}</th>
                    <td>{number(group.files)}</td>
                    <td>{bytes(wasted)}</td>
                </tr>
            }
        });
        view! {
            <table class="figures report-twice">
                <caption class="label">"There more than once"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Files"</th>
                        <th scope="col">"Copies"</th>
                        <th scope="col">"Could be saved"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        }
    })
}
