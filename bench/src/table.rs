//! The table, misses included.

use std::path::PathBuf;

use anyhow::Context;

use crate::row::Row;

pub fn print(files: &[PathBuf]) -> anyhow::Result<()> {
    let mut rows: Vec<Row> = Vec::new();
    for file in files {
        let text = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        rows.extend(serde_json::from_slice::<Vec<Row>>(&text)?);
    }
    println!("| What | Target | Measured | Beside it in the same run | |");
    println!("|---|---|---|---|---|");
    for Row { what, target, measured, beside, met } in &rows {
        let met = if *met { "met" } else { "**missed**" };
        println!("| {what} | {target} | {measured} | {beside} | {met} |");
    }
    let met = rows.iter().filter(|row| row.met).count();
    println!("\n{met} of {} targets met", rows.len());
    Ok(())
}
