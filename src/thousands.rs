//! Numbers for people.

use std::fmt;

/// The number with a comma between thousands, as Python's `{:,}` writes it.
pub fn thousands(number: impl fmt::Display) -> String {
    let number = number.to_string();
    let digits = number.trim_start_matches('-');
    let mut text = String::from(&number[..number.len() - digits.len()]);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn numbers_are_written_as_python_writes_them() {
        let written = [0, 999, 1_000, -5, -999, -1_000, 1_234_567].map(thousands);
        assert_eq!(written, ["0", "999", "1,000", "-5", "-999", "-1,000", "1,234,567"]);
        assert_eq!(thousands(i64::MIN), "-9,223,372,036,854,775,808");
    }
}
