//! `{% lorem %}`: Latin text to fill a page with.

use std::hash::{BuildHasher, RandomState};

use minijinja::Error;

use super::values::refused;

/// More words or paragraphs than this nobody needs, and one typing error would fill the memory.
const MOST: i128 = 100_000;

const COMMON: &str = "Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor incididunt ut \
    labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip \
    ex ea commodo consequat. Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat \
    nulla pariatur. Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim \
    id est laborum.";

/// How many words at the start of the common text are the common words.
const COMMON_WORDS: usize = 19;

/// The words of the passage of Cicero that the common text was made of.
const WORDS: &[&str] = &[
    "sed",
    "ut",
    "perspiciatis",
    "unde",
    "omnis",
    "iste",
    "natus",
    "error",
    "sit",
    "voluptatem",
    "accusantium",
    "doloremque",
    "laudantium",
    "totam",
    "rem",
    "aperiam",
    "eaque",
    "ipsa",
    "quae",
    "ab",
    "illo",
    "inventore",
    "veritatis",
    "et",
    "quasi",
    "architecto",
    "beatae",
    "vitae",
    "dicta",
    "sunt",
    "explicabo",
    "nemo",
    "enim",
    "ipsam",
    "quia",
    "voluptas",
    "aspernatur",
    "aut",
    "odit",
    "fugit",
    "consequuntur",
    "magni",
    "dolores",
    "eos",
    "qui",
    "ratione",
    "sequi",
    "nesciunt",
    "neque",
    "porro",
    "quisquam",
    "est",
    "dolorem",
    "ipsum",
    "dolor",
    "amet",
    "consectetur",
    "adipisci",
    "velit",
    "non",
    "numquam",
    "eius",
    "modi",
    "tempora",
    "incidunt",
    "labore",
    "dolore",
    "magnam",
    "aliquam",
    "quaerat",
    "minima",
    "veniam",
    "quis",
    "nostrum",
    "exercitationem",
    "ullam",
    "corporis",
    "suscipit",
    "laboriosam",
    "nisi",
    "aliquid",
    "ex",
    "ea",
    "commodi",
    "consequatur",
    "autem",
    "vel",
    "eum",
    "iure",
    "reprehenderit",
    "in",
    "voluptate",
    "esse",
    "quam",
    "nihil",
    "molestiae",
    "illum",
    "quo",
    "fugiat",
    "nulla",
    "pariatur",
    "at",
    "vero",
    "accusamus",
    "iusto",
    "odio",
    "dignissimos",
    "ducimus",
    "blanditiis",
    "praesentium",
    "voluptatum",
    "deleniti",
    "atque",
    "corrupti",
    "quos",
    "quas",
    "excepturi",
    "sint",
    "occaecati",
    "cupiditate",
    "provident",
    "similique",
    "culpa",
    "officia",
    "deserunt",
    "mollitia",
    "animi",
    "id",
    "laborum",
    "dolorum",
    "fuga",
    "harum",
    "quidem",
    "rerum",
    "facilis",
    "expedita",
    "distinctio",
    "nam",
    "libero",
    "tempore",
    "cum",
    "soluta",
    "nobis",
    "eligendi",
    "optio",
    "cumque",
    "impedit",
    "minus",
    "quod",
    "maxime",
    "placeat",
    "facere",
    "possimus",
    "assumenda",
    "repellendus",
    "temporibus",
    "quibusdam",
    "officiis",
    "debitis",
    "necessitatibus",
    "saepe",
    "eveniet",
    "voluptates",
    "repudiandae",
    "recusandae",
    "itaque",
    "earum",
    "hic",
    "tenetur",
    "a",
    "sapiente",
    "delectus",
    "reiciendis",
    "voluptatibus",
    "maiores",
    "alias",
    "perferendis",
    "doloribus",
    "asperiores",
    "repellat",
];

/// So many words, or paragraphs.
///
/// # Errors
///
/// More are asked for than anybody needs.
pub(super) fn text(count: i128, method: &str, common: bool) -> Result<String, Error> {
    if count > MOST {
        return Err(refused(format!("'lorem' writes at most {MOST} words or paragraphs")));
    }
    let count = usize::try_from(count).unwrap_or(0);
    let mut chance = Chance::new();
    if method == "w" {
        return Ok(chance.words(count, common).join(" "));
    }
    let mut paragraphs = Vec::with_capacity(count);
    for index in 0..count {
        let paragraph = if common && index == 0 { COMMON.to_owned() } else { chance.paragraph() };
        paragraphs.push(if method == "p" { format!("<p>{paragraph}</p>") } else { paragraph });
    }
    Ok(paragraphs.join("\n\n"))
}

/// Numbers that look random; nothing secret depends on them.
struct Chance(u64);

impl Chance {
    fn new() -> Self {
        Self(RandomState::new().hash_one(0))
    }

    /// A number below a bound.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }

    fn words(&mut self, count: usize, common: bool) -> Vec<String> {
        let mut words: Vec<String> = Vec::with_capacity(count);
        if common {
            let known = COMMON.split(' ').take(COMMON_WORDS.min(count));
            words.extend(known.map(|word| word.trim_matches([',', '.']).to_lowercase()));
        }
        while words.len() < count {
            words.extend(self.sample((count - words.len()).min(WORDS.len())).map(str::to_owned));
        }
        words
    }

    /// So many different words.
    fn sample(&mut self, count: usize) -> impl Iterator<Item = &'static str> {
        let mut pool: Vec<&'static str> = WORDS.to_vec();
        for at in 0..count.min(pool.len()) {
            let other = at + self.below(pool.len() - at);
            pool.swap(at, other);
        }
        pool.into_iter().take(count)
    }

    fn paragraph(&mut self) -> String {
        let sentences: Vec<String> = (0..=self.below(4)).map(|_| self.sentence()).collect();
        sentences.join(" ")
    }

    fn sentence(&mut self) -> String {
        let mut sections = Vec::new();
        for _ in 0..=self.below(5) {
            let words = 3 + self.below(10);
            sections.push(self.sample(words).collect::<Vec<_>>().join(" "));
        }
        let mut sentence = sections.join(", ");
        if let Some(first) = sentence.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        sentence.push(if self.below(2) == 0 { '?' } else { '.' });
        sentence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_text_is_the_common_one() {
        assert_eq!(text(3, "w", true).unwrap(), "lorem ipsum dolor");
        assert_eq!(text(1, "b", true).unwrap(), COMMON);
        assert_eq!(text(1, "p", true).unwrap(), format!("<p>{COMMON}</p>"));
        assert_eq!(text(0, "b", true).unwrap(), "");
        assert_eq!(text(-1, "w", true).unwrap(), "");
    }

    #[test]
    fn the_rest_is_random_but_of_the_length_asked_for() {
        assert_eq!(text(400, "w", true).unwrap().split(' ').count(), 400);
        assert_eq!(text(3, "b", false).unwrap().split("\n\n").count(), 3);
        assert!(text(MOST + 1, "w", true).is_err());
    }
}
