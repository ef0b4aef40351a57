//! Faults as SARIF 2.1.0, for code scanning.

use crate::gate::{Fault, Judgement, Rule};
use serde_json::{Value, json};

/// Code scanning takes no result without a place. What is nowhere in the source is put here.
const NOWHERE: (&str, u32) = ("Cargo.toml", 1);

pub(super) fn render(verdict: &Judgement) -> String {
    let rules: Vec<Value> = Rule::ALL.into_iter().map(rule).collect();
    let results: Vec<Value> = verdict.faults.iter().map(result).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "tellers",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(rule: Rule) -> Value {
    json!({ "id": rule.name(), "shortDescription": { "text": rule.sentence() } })
}

fn result(fault: &Fault) -> Value {
    let (file, line) = match &fault.at {
        Some(at) => (at.file.as_str(), at.line),
        None => NOWHERE,
    };
    json!({
        "ruleId": fault.rule.name(),
        "level": "error",
        "message": { "text": fault.to_string() },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": file },
            "region": { "startLine": line },
        } }],
    })
}
