//! What a condition demands, so that a rule can be found by it.

use std::borrow::Cow;

use super::{CodeSet, Test, Tree};
use crate::claim::Fact;

/// The texts of `fact` outside of which the condition never holds; `None`, if it may hold for any.
pub(super) fn demanded(tree: &Tree, fact: Fact) -> Option<Cow<'_, CodeSet>> {
    match tree {
        Tree::Always | Tree::Not(_) => None,
        Tree::All(parts) => both(parts.iter().filter_map(|part| demanded(part, fact))),
        Tree::Any(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.push(demanded(part, fact)?);
            }
            Some(Cow::Owned(all.iter().fold(CodeSet::default(), |all, one| all.or(one))))
        }
        Tree::Leaf(own, tests) if *own == fact => both(tests.iter().filter_map(|test| match test {
            Test::In(codes) => Some(Cow::Borrowed(codes)),
            _ => None,
        })),
        Tree::Leaf(..) => None,
    }
}

/// What all of them hold.
fn both<'t>(sets: impl Iterator<Item = Cow<'t, CodeSet>>) -> Option<Cow<'t, CodeSet>> {
    sets.reduce(|one, other| Cow::Owned(one.and(&other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payer(ids: &[&str]) -> Tree {
        Tree::Leaf(Fact::PayerId, [Test::In(CodeSet::new(ids))].into())
    }

    fn told(tree: &Tree) -> Option<Vec<String>> {
        let text = |id: Vec<u8>| String::from_utf8_lossy(&id).into_owned();
        demanded(tree, Fact::PayerId).map(|ids| ids.iter().map(text).collect())
    }

    #[test]
    fn what_a_condition_demands() {
        let other = || Tree::Leaf(Fact::Units, [Test::Present(true)].into());
        let not = |tree| Tree::Not(Box::new(tree));
        let absent = Tree::Leaf(Fact::PayerId, [Test::Present(false)].into());
        let all = |parts: Vec<Tree>| Tree::All(parts.into());
        let any = |parts: Vec<Tree>| Tree::Any(parts.into());
        let ids = |ids: &[&str]| Some(ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
        assert_eq!(told(&Tree::Always), None);
        assert_eq!(told(&other()), None);
        assert_eq!(told(&absent), None);
        assert_eq!(told(&payer(&["A", "B"])), ids(&["A", "B"]));
        assert_eq!(told(&not(payer(&["A"]))), None);
        assert_eq!(told(&all(vec![other(), payer(&["A", "B"])])), ids(&["A", "B"]));
        assert_eq!(told(&all(vec![payer(&["B", "C"]), payer(&["A", "B"])])), ids(&["B"]));
        assert_eq!(told(&all(vec![payer(&["C"]), payer(&["A"])])), ids(&[]));
        assert_eq!(told(&any(vec![payer(&["B"]), payer(&["A", "B"])])), ids(&["A", "B"]));
        assert_eq!(told(&any(vec![payer(&["B"]), other()])), None);
        assert_eq!(told(&any(vec![all(vec![other(), payer(&["B"])]), payer(&["A"])])), ids(&["A", "B"]));
    }
}
