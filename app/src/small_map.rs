//! A map for the page: a list in the order of its keys. In place of hash maps it saves 2 KB of what has to
//! be fetched (Brotli), and keys that only grow are added at the end.

/// Values by key.
#[derive(Clone, Debug)]
pub(crate) struct SmallMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SmallMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord + Copy, V> SmallMap<K, V> {
    pub(crate) fn get(&self, key: K) -> Option<&V> {
        self.find(key).ok().map(|at| &self.0[at].1)
    }

    pub(crate) fn contains_key(&self, key: K) -> bool {
        self.find(key).is_ok()
    }

    /// Puts a value under a key, in place of the one before.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        match self.find(key) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    pub(crate) fn remove(&mut self, key: K) -> Option<V> {
        self.find(key).ok().map(|at| self.0.remove(at).1)
    }

    fn find(&self, key: K) -> Result<usize, usize> {
        self.0.binary_search_by_key(&key, |(known, _)| *known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_one_value_a_key() {
        let mut map = SmallMap::default();
        for (key, value) in [(3, 'c'), (1, 'a'), (2, 'b'), (3, 'd')] {
            map.insert(key, value);
        }
        assert_eq!([0, 1, 2, 3].map(|key| map.get(key).copied()), [None, Some('a'), Some('b'), Some('d')]);
        assert_eq!((map.remove(2), map.remove(2), map.contains_key(2)), (Some('b'), None, false));
        assert!(map.contains_key(3));
    }
}
