//! `pinpoint dump`: the tables of an input as they were read, for whoever wants to see what the program makes of them.

use serde_json::{Map, Value, json};

use super::analyse::InputArgs;
use super::{Exit, complain, file_trouble, print};
use crate::diag::render;
use crate::run;
use crate::stage::as_read::{TableRead, ValueRead};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Print the rows of households too; they are about persons, so keep what is printed on this machine
    #[arg(long)]
    households: bool,
}

pub(super) fn run(args: &Args) -> Exit {
    let inputs = run::Inputs { one_table: true, ..args.input.inputs() };
    let (tables, findings) = match run::as_read(&inputs, args.households) {
        Ok(read) => read,
        Err(error) => return file_trouble(&error),
    };
    let tables: Vec<Value> = tables.iter().map(table).collect();
    let text = serde_json::to_string_pretty(&json!({ "tables": tables })).unwrap_or_default();
    print(&format!("{text}\n"));
    // What is wrong stands beside the tables and not among them.
    complain(&render::list(&findings, args.input.how_many()));
    Exit::of(&findings)
}

fn table(of: &TableRead) -> Value {
    let value = |value: &Option<ValueRead>| match value {
        None => Value::Null,
        Some(ValueRead::Number(number)) => json!(number),
        Some(ValueRead::Text(text)) => json!(text),
    };
    let row = |(number, values): &(u32, Vec<Option<ValueRead>>)| {
        let values: Map<String, Value> = of.columns.iter().cloned().zip(values.iter().map(value)).collect();
        json!({ "row": number, "values": values })
    };
    let set_aside: Vec<Value> = of.set_aside.iter().map(|(row, why)| json!({ "row": row, "why": why })).collect();
    let rows: Vec<Value> = of.rows.iter().map(row).collect();
    let withheld = of.withheld;
    json!({ "table": of.table, "role": of.role.word(), "sheet": &*of.sheet, "rows": rows, "set_aside": set_aside, "rows_of_households_withheld": withheld })
}
