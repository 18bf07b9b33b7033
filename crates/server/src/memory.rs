//! Memory that long work has freed, given back to the machine.

/// Gives freed memory back. glibc keeps what the threads of an ended build have freed: at ten
/// million outputs that is half a gigabyte which nobody uses.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the allocator of the system can't be asked in another way")]
pub(crate) fn give_back() {
    // SAFETY: it takes a number and may be called at any time, on any thread.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators give freed memory back by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back() {}
