//! The public signatures of a file, as tokens: enough of Rust's grammar to tell a signature from a body.

use super::rust_source::{code_only, is_word};

/// A name, `::`, `->`, or one mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) line: usize,
}

/// The tokens of the code, comments and literals left out.
pub(super) fn tokens(code: &str) -> Vec<Token<'_>> {
    let bytes = code.as_bytes();
    let (mut tokens, mut at, mut line) = (Vec::new(), 0, 1);
    while at < bytes.len() {
        let start = at;
        match &bytes[at..] {
            [b'\n', ..] => (line, at) = (line + 1, at + 1),
            [byte, ..] if byte.is_ascii_whitespace() => at += 1,
            [byte, ..] if is_word(*byte) => {
                while bytes.get(at).is_some_and(|byte| is_word(*byte)) {
                    at += 1;
                }
                tokens.push(Token { text: &code[start..at], line });
            }
            [b':', b':', ..] | [b'-', b'>', ..] | [b'=', b'>', ..] => {
                at += 2;
                tokens.push(Token { text: &code[start..at], line });
            }
            _ => {
                at += 1;
                tokens.push(Token { text: &code[start..at], line });
            }
        }
    }
    tokens
}

/// Code without comments and literals, to be cut into tokens that borrow from it.
pub(super) fn code(source: &str) -> String {
    code_only(source)
}

/// The signature of each public item, and the head of each `impl`: what a user of the crate can name or call.
///
/// Modules under `#[cfg(test)]` are left out, and so is what is public only inside the crate.
pub(super) fn public<'a>(tokens: &[Token<'a>]) -> Vec<Vec<Token<'a>>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let rest = &tokens[at..];
        match token.text {
            "#" if starts(rest, &["#", "[", "cfg", "(", "test", ")", "]"]) => {
                at += to_body(rest).map_or(7, |body| body + balanced(&rest[body..]));
            }
            "impl" if at == 0 || matches!(tokens[at - 1].text, "}" | ";" | "]" | "{") => {
                let end = to_any(rest, &["{"]);
                found.push(rest[..end].to_vec());
                at += end;
            }
            "pub" if starts(&rest[1..], &["("]) => at += 1 + balanced(&rest[1..]),
            "pub" => {
                let (signatures, next) = item(&rest[1..]);
                found.extend(signatures);
                at += 1 + next;
            }
            _ => at += 1,
        }
    }
    found.retain(|signature| !signature.is_empty());
    found
}

/// The signatures of the item after `pub`, and how far to go on.
fn item<'a>(rest: &[Token<'a>]) -> (Vec<Vec<Token<'a>>>, usize) {
    let keyword = rest.iter().find(|token| !matches!(token.text, "async" | "unsafe" | "extern" | "default"));
    let constant =
        starts(rest, &["const"]) && !rest.get(1).is_some_and(|t| matches!(t.text, "fn" | "unsafe" | "async"));
    match keyword.map(|token| token.text) {
        _ if constant => one(rest, to_any(rest, &["=", ";"])),
        Some("fn" | "const") => one(rest, to_any(rest, &["{", ";"])),
        Some("use" | "type") => one(rest, to_any(rest, &[";"])),
        Some("static") => one(rest, to_any(rest, &["=", ";"])),
        // The fields that are public say so themselves.
        Some("struct" | "union") => one(rest, to_any(rest, &["{", "(", ";"])),
        Some("enum") => {
            let body = to_any(rest, &["{"]);
            let end = body + balanced(&rest[body.min(rest.len())..]);
            (vec![payloads(&rest[..end])], end)
        }
        Some("trait") => {
            let body = to_any(rest, &["{"]);
            let end = body + balanced(&rest[body.min(rest.len())..]);
            let mut signatures = vec![rest[..body].to_vec()];
            signatures.extend(methods(rest.get(body + 1..end.saturating_sub(1)).unwrap_or_default()));
            (signatures, end)
        }
        Some("mod" | "macro") | None => (Vec::new(), 1),
        Some(_) => one(rest, field_end(rest)),
    }
}

/// The types and traits declared here, each with whether it is public.
pub(super) fn declared<'a>(tokens: &[Token<'a>]) -> Vec<(&'a str, bool)> {
    let declaration = |window: &[Token<'a>]| match window {
        [before, keyword, name] if matches!(keyword.text, "struct" | "enum" | "union" | "trait") => {
            name.text.bytes().all(is_word).then_some((name.text, before.text == "pub"))
        }
        _ => None,
    };
    tokens.windows(3).filter_map(declaration).collect()
}

/// The name of the type that the head of an `impl` is about.
pub(super) fn implementor<'a>(head: &[Token<'a>]) -> Option<&'a str> {
    if !starts(head, &["impl"]) {
        return None;
    }
    let generics = if starts(&head[1..], &["<"]) { 1 + angles(&head[1..]) } else { 1 };
    let about = match head.iter().rposition(|token| token.text == "for") {
        Some(at) => &head[at + 1..],
        None => head.get(generics..)?,
    };
    let path =
        about.iter().take_while(|token| token.text.bytes().all(is_word) || matches!(token.text, "&" | "::"));
    path.last().map(|token| token.text)
}

/// How many tokens the generics that open here have.
fn angles(rest: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    for (index, token) in rest.iter().enumerate() {
        match token.text {
            "<" => depth += 1,
            ">" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return index + 1;
        }
    }
    rest.len()
}

fn one<'a>(rest: &[Token<'a>], end: usize) -> (Vec<Vec<Token<'a>>>, usize) {
    (vec![rest[..end].to_vec()], end)
}

/// An enum without the names of its variants, which may be those of types.
fn payloads<'a>(item: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut depth = 0_usize;
    let mut kept = Vec::with_capacity(item.len());
    let mut body = false;
    for token in item {
        match token.text {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        body |= token.text == "{";
        if !(body && depth == 1 && token.text.bytes().all(is_word)) {
            kept.push(*token);
        }
    }
    kept
}

/// The signatures in the body of a trait, without the bodies of its default methods.
fn methods<'a>(body: &[Token<'a>]) -> Vec<Vec<Token<'a>>> {
    let (mut signatures, mut at) = (Vec::new(), 0);
    while at < body.len() {
        let end = at + to_any(&body[at..], &["{", ";"]);
        signatures.push(body[at..end].to_vec());
        at = end + balanced(&body[end..]).max(1);
    }
    signatures
}

/// Where the type of a field ends: at a comma or a closing mark that is not inside its own brackets.
fn field_end(rest: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    for (index, token) in rest.iter().enumerate() {
        match token.text {
            "<" | "(" | "[" => depth += 1,
            "," | ";" | ")" | "}" if depth == 0 => return index,
            ">" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    rest.len()
}

/// The index of the first of these marks outside parentheses and square brackets; the end if there is none.
fn to_any(rest: &[Token<'_>], marks: &[&str]) -> usize {
    let mut depth = 0_usize;
    for (index, token) in rest.iter().enumerate() {
        if depth == 0 && marks.contains(&token.text) {
            return index;
        }
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    rest.len()
}

/// The body of the next item, unless it has none.
fn to_body(rest: &[Token<'_>]) -> Option<usize> {
    let end = to_any(&rest[7..], &["{", ";"]) + 7;
    starts(&rest[end..], &["{"]).then_some(end)
}

/// How many tokens the group that opens here has; 0 if none opens.
fn balanced(rest: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    for (index, token) in rest.iter().enumerate() {
        match token.text {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return if index == 0 { 0 } else { index + 1 };
        }
    }
    rest.len()
}

fn starts(rest: &[Token<'_>], texts: &[&str]) -> bool {
    rest.len() >= texts.len() && rest.iter().zip(texts).all(|(token, text)| token.text == *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signatures(source: &str) -> Vec<String> {
        let code = code(source);
        let joined =
            |signature: Vec<Token<'_>>| signature.iter().map(|t| t.text).collect::<Vec<_>>().join(" ");
        public(&tokens(&code)).into_iter().map(joined).collect()
    }

    #[test]
    fn what_is_public() {
        let cases: &[(&str, &[&str])] = &[
            ("pub fn a(x: u8) -> B { inner::C }", &["fn a ( x : u8 ) -> B"]),
            ("pub const fn a() -> B { C }", &["const fn a ( ) -> B"]),
            ("pub async fn a() {}", &["async fn a ( )"]),
            ("fn a() -> B {}", &[]),
            ("pub(crate) fn a() -> B {}", &[]),
            ("pub(in crate::x) struct A(pub B);", &["B"]),
            ("pub struct A(B, pub C<D, E>, F);", &["struct A", "C < D , E >"]),
            ("pub struct A { b: B, pub c: [C; 2], }", &["struct A", "c : [ C ; 2 ]"]),
            ("pub enum A { B(C), D { e: E } }", &["enum A { ( C ) , { e : E } }"]),
            (
                "pub trait A: B { fn c(&self) -> C; fn d() { e::F } type G: H; }",
                &["trait A : B", "fn c ( & self ) -> C", "fn d ( )", "type G : H"],
            ),
            ("pub type A = B;", &["type A = B"]),
            ("pub const A: B = C;", &["const A : B"]),
            ("pub static A: B = C;", &["static A : B"]),
            ("pub use a::B;", &["use a :: B"]),
            ("pub mod a;", &[]),
            ("use a::B; impl From<B> for C { fn d() { E } }", &["impl From < B > for C"]),
            ("fn a(b: impl C) { let d = pub_x; }", &[]),
            ("#[cfg(test)]\nmod tests { pub fn a() -> B {} }\npub fn c() {}", &["fn c ( )"]),
            ("#[cfg(test)]\nmod tests;\npub fn c() {}", &["fn c ( )"]),
        ];
        for (source, expected) in cases {
            assert_eq!(signatures(source), *expected, "{source}");
        }
    }

    #[test]
    fn implementors() {
        let cases = [
            ("impl A {", Some("A")),
            ("impl<T: Into<B>> crate::a::A<T> where T: C {", Some("A")),
            ("impl<T> From<B> for A<T> where C: D {", Some("A")),
            ("impl From<B> for &A {", Some("A")),
            ("fn a() {", None),
        ];
        for (source, name) in cases {
            let code = code(source);
            assert_eq!(implementor(&tokens(&code)), name, "{source}");
        }
        let code = code("; pub struct A; struct B; pub(crate) enum C {} pub trait D {}");
        assert_eq!(declared(&tokens(&code)), [("A", true), ("B", false), ("C", false), ("D", true)]);
    }

    #[test]
    fn lines_are_kept() {
        let code = code("// one\n\npub fn a(\n) {}");
        assert_eq!(public(&tokens(&code))[0][0].line, 3);
    }
}
