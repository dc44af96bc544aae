use std::path::Path;

/// What a text is called: its own name, and those of the archives and folders it stands in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Names {
    /// From the outermost archive to the text itself.
    path: Vec<String>,
}

impl Names {
    pub(super) fn of_file(path: &Path) -> Names {
        let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
        Names { path: vec![name.escape_debug().to_string()] }
    }

    /// The name of a member of the archive of this name.
    pub(super) fn member(&self, name: &str) -> Names {
        let mut path = self.path.clone();
        path.push(name.escape_debug().to_string());
        Names { path }
    }

    pub(super) fn is_inside_archive(&self) -> bool {
        self.path.len() > 1
    }

    /// As messages show it: `RVU25D.zip/PPRRVU2025_Oct.csv`.
    pub(super) fn shown(&self) -> String {
        self.path.join("/")
    }

    /// The name of the text itself, without folders.
    pub(super) fn own(&self) -> &str {
        self.path.last().map_or("", |name| name.rsplit(['/', '\\']).next().unwrap_or(name))
    }

    /// Every name in capitals, the text's own first, then outwards: what says more about the text comes first.
    pub(super) fn hints(&self) -> impl Iterator<Item = String> {
        self.path.iter().rev().flat_map(|name| name.rsplit(['/', '\\'])).map(str::to_ascii_uppercase)
    }

    /// Whether any name has `word`, in capitals, in it.
    pub(super) fn have(&self, word: &str) -> bool {
        self.hints().any(|hint| hint.contains(word))
    }
}
