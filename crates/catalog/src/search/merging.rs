//! Which parts of the index become one: few parts answer faster, merging them costs time.

use tantivy::index::SegmentMeta;
use tantivy::indexer::{MergeCandidate, MergePolicy};

/// So many parts of about the same size become one. Ten million documents then lie in eleven parts
/// at most, and each document is written three times.
const AT_ONCE: usize = 6;
/// Parts with fewer documents count as the same size.
const SMALL_DOCS: u32 = 8192;

/// Merges parts of about the same size, and writes anew what is mostly deleted.
#[derive(Debug)]
pub(super) struct BySize;

impl MergePolicy for BySize {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let mut candidates = Vec::new();
        let mut by_level: Vec<Vec<&SegmentMeta>> = Vec::new();
        for segment in segments {
            if segment.num_deleted_docs() > segment.num_docs() {
                candidates.push(MergeCandidate(vec![segment.id()]));
                continue;
            }
            let level = level(segment.num_docs());
            by_level.resize_with(by_level.len().max(level + 1), Vec::new);
            by_level[level].push(segment);
        }
        for mut same in by_level {
            same.sort_by_key(|segment| (segment.num_docs(), segment.id()));
            let together = same.chunks_exact(AT_ONCE);
            candidates
                .extend(together.map(|some| MergeCandidate(some.iter().map(|s| s.id()).collect())));
        }
        candidates
    }
}

fn level(docs: u32) -> usize {
    let (mut level, mut limit) = (0, u64::from(SMALL_DOCS));
    while u64::from(docs) >= limit {
        level += 1;
        limit *= AT_ONCE as u64;
    }
    level
}
