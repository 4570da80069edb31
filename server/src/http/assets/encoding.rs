//! Which compressed form a client takes (RFC 9110, section 12.5.3).

use http::{HeaderMap, header};

/// How a file lies beside itself, compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// Smallest first.
    pub(super) const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    /// Those the client takes, smallest first: browsers that say how much they like each do not mind.
    pub(super) fn accepted(headers: &HeaderMap) -> impl Iterator<Item = Self> {
        let accepted: Vec<&str> = headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        let takes = move |name: &str| {
            let of = |wanted: &str| {
                accepted.iter().find_map(|item| {
                    let (name, weight) = item.split_once(';').unwrap_or((item, ""));
                    name.trim().eq_ignore_ascii_case(wanted).then(|| !is_zero(weight))
                })
            };
            of(name).or_else(|| of("*")).unwrap_or(false)
        };
        Self::ALL.into_iter().filter(move |encoding| takes(encoding.name()))
    }
}

/// `q=0`, `q=0.000`: not acceptable.
fn is_zero(weight: &str) -> bool {
    let weight = weight.trim().strip_prefix("q=").or(weight.trim().strip_prefix("Q="));
    weight.and_then(|weight| weight.trim().parse::<f32>().ok()).is_some_and(|weight| weight == 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ops_1_the_smallest_form_that_is_taken_comes_first() {
        let accepted = |value: &'static str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())]);
            Encoding::accepted(&headers).collect::<Vec<_>>()
        };
        assert_eq!(accepted("gzip, deflate, br, zstd"), Encoding::ALL);
        assert_eq!(accepted("gzip;q=1.0, br;q=0"), [Encoding::Gzip]);
        assert_eq!(accepted("*"), Encoding::ALL);
        assert_eq!(accepted("*;q=0, gzip"), [Encoding::Gzip]);
        assert_eq!(accepted("identity"), []);
        assert_eq!(Encoding::accepted(&HeaderMap::new()).count(), 0);
    }
}
