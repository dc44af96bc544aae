//! Turns the table into a [`Guide`], and says what is wrong with it.

use super::class::{KEYS, NO_KEYS};
use super::codes::{CodeTable, Slot, code_table, pack};
use super::compiled::{
    Cell, Composite, Condition, Guide, Item, Key, Kind, Loop, NONE, Node, Place, Role, Row, SLOTS,
    SegmentKind, Stretch,
};
use super::table::{LoopRow, SegmentRow, ShapeRow, Table, Use};

/// Data element 1251 is a date, a time or a period, as a qualifier says.
const PERIOD: u16 = 1251;

pub(super) fn compile(text: &'static str) -> (Guide, Vec<String>) {
    let mut table = Table::read(text);
    let mistakes = std::mem::take(&mut table.mistakes);
    let guide = Guide { versions: table.versions.clone(), ..Guide::default() };
    let mut compiler = Compiler { table: &table, guide, mistakes, code_tables: Vec::new() };
    compiler.segments();
    compiler.loops();
    compiler.cells();
    (compiler.guide, compiler.mistakes)
}

struct Compiler<'t> {
    table: &'t Table,
    guide: Guide,
    mistakes: Vec<String>,
    /// The tables of the places so far: many have the same codes.
    code_tables: Vec<(Vec<u32>, CodeTable)>,
}

impl<'t> Compiler<'t> {
    fn mistake(&mut self, line: usize, words: &str) {
        self.mistakes.push(format!("line {line}: {words}"));
    }

    fn segments(&mut self) {
        let mut ids: Vec<Slot> = Vec::new();
        for (index, shape) in self.table.segments.iter().enumerate() {
            let conditions = self.conditions(shape);
            let role = match shape.id {
                "LX" => Role::Line,
                "CLM" => Role::Claim,
                "HL" => Role::Level,
                "ISA" => Role::Interchange,
                "GS" => Role::Group,
                "ST" => Role::Transaction,
                "SE" => Role::TransactionEnd,
                "GE" => Role::GroupEnd,
                "IEA" => Role::InterchangeEnd,
                _ => Role::Plain,
            };
            self.guide.segments.push(SegmentKind {
                id: shape.id,
                role,
                conditions,
                opens: false,
                keys: NO_KEYS,
            });
            let packed = pack(shape.id.as_bytes());
            if packed == 0 || ids.iter().any(|id| id.code == packed) || index > 250 {
                self.mistake(0, &format!("segment {} is no id, or stands twice", shape.id));
                continue;
            }
            ids.push(Slot { code: packed, row: index as u16, sole: None });
            for place in &shape.places {
                let composite = self.table.composites.iter().any(|composite| composite.id == *place);
                if !composite && self.table.element(place).is_none() {
                    self.mistake(0, &format!("{} has {place}, which is not listed", shape.id));
                }
            }
        }
        match code_table(&mut self.guide.slots, &ids) {
            Some(table) => self.guide.ids = table,
            None => self.mistake(0, "segment ids that no table holds"),
        }
    }

    fn conditions(&mut self, shape: &ShapeRow) -> Stretch {
        let start = self.guide.conditions.len() as u16;
        for (letter, places) in &shape.conditions {
            if places.iter().any(|place| usize::from(*place) > shape.places.len()) {
                self.mistake(0, &format!("{} has a condition on a place it lacks", shape.id));
            }
            let mask = places.iter().fold(0, |mask, place| mask | bit(place - 1));
            self.guide.conditions.push(Condition { letter: *letter, first: places[0] - 1, mask });
        }
        Stretch { start, len: shape.conditions.len() as u16 }
    }

    fn loop_index(&self, id: &str) -> Option<u16> {
        self.table.loops.iter().position(|row| row.id == id).map(|at| at as u16)
    }

    fn loops(&mut self) {
        let table = self.table;
        // Nodes first: a loop's items name the nodes that open its inner loops.
        let mut first_nodes = Vec::new();
        for row in &table.loops {
            first_nodes.push(self.guide.nodes.len() as u16);
            for segment in &row.segments {
                let node = self.node(segment);
                self.guide.nodes.push(node);
            }
            if row.segments.is_empty() {
                self.mistake(row.line, "a loop without segments");
            }
        }
        for (index, row) in table.loops.iter().enumerate() {
            let one = self.one_loop(index, row, &first_nodes);
            self.guide.loops.push(one);
        }
        self.keys();
    }

    /// Gathers where segments of each id are told apart.
    fn keys(&mut self) {
        let guide = &mut self.guide;
        for (index, kind) in guide.segments.iter_mut().enumerate() {
            let own = guide.nodes.iter().filter(|node| usize::from(node.segment) == index);
            let mut places: Vec<(u8, u8)> =
                own.flat_map(|node| &node.keys).map(|key| (key.element, key.component)).collect();
            places.sort_unstable();
            places.dedup();
            if places.len() > KEYS {
                self.mistakes.push(format!("segment {}: keys in more than {KEYS} places", kind.id));
            }
            for (key, place) in kind.keys.iter_mut().zip(places) {
                *key = place;
            }
        }
    }

    fn one_loop(&mut self, index: usize, row: &LoopRow, first_nodes: &[u16]) -> Loop {
        let table = self.table;
        let mut items = Vec::new();
        let (mut required, mut levels) = (0, 0);
        for (own, segment) in row.segments.iter().enumerate() {
            let envelope = matches!(segment.id, "SE" | "GE" | "IEA");
            if segment.required && !envelope {
                required |= bit(items.len() as u8);
            }
            let node = first_nodes[index] + own as u16;
            items.push(item(segment.at, node, NONE, segment.most));
        }
        for (inner, child) in table.loops.iter().enumerate() {
            let Some((_, usage)) = child.parents.iter().find(|(parent, _)| *parent == row.id) else {
                continue;
            };
            let opener = child.segments.first().map_or("", |first| first.id);
            if *usage {
                match opener {
                    "HL" => levels |= bit(items.len() as u8),
                    // Whether a patient has a claim cannot be told from one unit of work; ST and GS are envelope.
                    "CLM" | "ST" | "GS" => {}
                    _ => required |= bit(items.len() as u8),
                }
            }
            let most = if matches!(opener, "HL" | "CLM") { None } else { child.most };
            items.push(item(child.at, first_nodes[inner], inner as u16, most));
        }
        let mut slot = 0;
        for at in 0..items.len() {
            items[at].before = (0..items.len())
                .filter(|other| items[*other].at < items[at].at)
                .fold(0, |mask, other| mask | bit(other as u8));
            if items[at].most > 1 {
                items[at].slot = slot;
                slot += 1;
            }
        }
        if items.len() > 64 || usize::from(slot) > SLOTS || items.iter().any(|item| item.most > 250) {
            self.mistake(row.line, "more than a loop may hold");
            items.truncate(64);
        }
        for (parent, _) in &row.parents {
            if self.loop_index(parent).is_none() {
                self.mistake(row.line, "stands in a loop that is not there");
            }
        }
        let opener = row.segments.first().map_or("", |first| first.id);
        if let Some(segment) = self.guide.segments.iter_mut().find(|segment| segment.id == opener) {
            segment.opens = true;
        }
        match opener {
            "ST" => self.guide.transaction = Some(index as u16),
            "ISA" | "GS" => {
                self.guide.envelope.extend(items.iter().filter(|i| i.inner == NONE).map(|i| i.node))
            }
            _ => {}
        }
        let start = self.guide.items.len() as u16;
        let len = items.len() as u16;
        self.guide.items.extend(items);
        Loop {
            id: row.id,
            name: row.name,
            items: Stretch { start, len },
            required,
            levels,
            header: matches!(opener, "ST" | "HL"),
            anchor: matches!(opener, "ST" | "HL" | "CLM"),
            parent: row.parents.first().and_then(|(parent, _)| self.loop_index(parent)).unwrap_or(NONE),
        }
    }

    fn node(&mut self, row: &SegmentRow) -> Node {
        let table = self.table;
        let Some((segment, shape)) = table.segments.iter().enumerate().find(|(_, shape)| shape.id == row.id)
        else {
            self.mistake(row.line, "a segment that is not listed");
            return Node {
                segment: u8::MAX,
                name: row.name,
                places: Stretch::default(),
                required: 0,
                conditions: Stretch::default(),
                has_composite: false,
                keys: Vec::new(),
            };
        };
        let (places, required, keys) = self.places(row, shape, &row.uses);
        let mut all_keys = keys;
        for one in &row.uses {
            for part in one.parts.iter().flatten().filter(|part| part.key) {
                let key = self.key(row, one.place, part.place, &part.codes);
                all_keys.push(key);
            }
        }
        all_keys.sort_by_key(|key| (key.element, key.component));
        let has_composite = places.iter().any(|place| place.kind == Kind::Composite);
        let conditions = self.guide.segments.get(segment).map_or(Stretch::default(), |kind| kind.conditions);
        let conditions = self.open_conditions(conditions, &places, required);
        let places = self.keep(places);
        let segment = segment as u8;
        Node { segment, name: row.name, places, required, conditions, has_composite, keys: all_keys }
    }

    /// Those of the conditions that can fail although nothing required is missing and nothing unused is there.
    fn open_conditions(&mut self, all: Stretch, places: &[Place], required: u64) -> Stretch {
        let used = places
            .iter()
            .enumerate()
            .filter(|(_, place)| place.kind != Kind::NotUsed)
            .fold(0, |mask, (index, _)| mask | bit(index as u8));
        let can_fail = |condition: &Condition| {
            let others = condition.mask & !bit(condition.first);
            match condition.letter {
                b'P' => condition.mask & used != 0 && condition.mask & !required != 0,
                b'R' => condition.mask & required == 0,
                b'E' => (condition.mask & used).count_ones() > 1,
                b'C' => used & bit(condition.first) != 0 && others & !required != 0,
                _ => used & bit(condition.first) != 0 && others & required == 0,
            }
        };
        let open: Vec<Condition> = all.of(&self.guide.conditions).iter().copied().filter(can_fail).collect();
        let stretch = Stretch { start: self.guide.conditions.len() as u16, len: open.len() as u16 };
        self.guide.conditions.extend(open);
        stretch
    }

    fn keep(&mut self, places: Vec<Place>) -> Stretch {
        let start = self.guide.places.len() as u16;
        let len = places.len() as u16;
        self.guide.places.extend(places);
        Stretch { start, len }
    }

    /// The places of a segment or composite, which of them are required, and its own keys.
    fn places(&mut self, row: &SegmentRow, shape: &ShapeRow, uses: &[Use]) -> (Vec<Place>, u64, Vec<Key>) {
        let mut places: Vec<Place> = shape
            .places
            .iter()
            .map(|one| Place { element: one.parse().unwrap_or(0), ..Place::default() })
            .collect();
        let (mut required, mut keys) = (0, Vec::new());
        let mut before = 0;
        for one in uses {
            if one.place <= before || usize::from(one.place) > shape.places.len() {
                self.mistake(row.line, &format!("{} has no place {} here", shape.id, one.place));
                continue;
            }
            before = one.place;
            let index = usize::from(one.place - 1);
            places[index] = self.place(row, shape.places[index], one);
            if one.required {
                required |= bit(one.place - 1);
            }
            if one.key && one.parts.is_none() {
                let key = self.key(row, one.place, 0, &one.codes);
                keys.push(key);
            }
        }
        (places, required, keys)
    }

    fn place(&mut self, row: &SegmentRow, id: &str, one: &Use) -> Place {
        let Some(entry) = self.table.element(id) else { return self.composite(row, id, one) };
        let element = id.parse().unwrap_or(0);
        let codes = self.codes(row, &one.codes);
        let most = one.most.unwrap_or(entry.most);
        if let Some(code) = codes.iter().find(|code| !(entry.least..=most).contains(&(code.len() as u16))) {
            self.mistake(row.line, &format!("code {code} is too long or too short for element {id}"));
        }
        if one.parts.is_some() {
            self.mistake(row.line, &format!("element {id} has no components"));
        }
        let long = codes.iter().any(|code| pack(code.as_bytes()) == 0);
        let start = if long { self.guide.long_codes.len() } else { self.guide.codes.len() } as u16;
        let stretch = Stretch { start, len: codes.len() as u16 };
        let mut table = CodeTable::default();
        if long {
            self.guide.long_codes.extend(&codes);
        } else {
            let packed: Vec<u32> = codes.iter().map(|code| pack(code.as_bytes())).collect();
            self.guide.codes.extend(&packed);
            table = self.table_of(packed);
        }
        let kind = match entry.kind {
            _ if !codes.is_empty() => Kind::Coded,
            _ if element == PERIOD => Kind::Period,
            kind => kind,
        };
        Place { kind, repeats: one.repeats, long, least: entry.least, most, codes: stretch, table, element }
    }

    fn table_of(&mut self, codes: Vec<u32>) -> CodeTable {
        if let Some((_, table)) = self.code_tables.iter().find(|(others, _)| *others == codes) {
            return *table;
        }
        let slots: Vec<Slot> = codes.iter().map(|&code| Slot { code, ..Slot::default() }).collect();
        let table = code_table(&mut self.guide.slots, &slots).unwrap_or_else(|| {
            self.mistake(0, "codes that no table holds");
            CodeTable::default()
        });
        self.code_tables.push((codes, table));
        table
    }

    fn composite(&mut self, row: &SegmentRow, id: &str, one: &Use) -> Place {
        let table = self.table;
        let Some(shape) = table.composites.iter().find(|composite| composite.id == id) else {
            return Place::default();
        };
        let Some(uses) = &one.parts else {
            self.mistake(row.line, &format!("{id} without its components"));
            return Place::default();
        };
        let (parts, required, _) = self.places(row, shape, uses);
        let conditions = self.conditions(shape);
        let open_conditions = self.open_conditions(conditions, &parts, required);
        let parts = self.keep(parts);
        let index = self.guide.composites.len() as u16;
        self.guide.composites.push(Composite { parts, required, conditions, open_conditions });
        Place {
            kind: Kind::Composite,
            repeats: one.repeats,
            codes: Stretch { start: index, len: 1 },
            ..Place::default()
        }
    }

    fn codes(&mut self, row: &SegmentRow, codes: &[&'static str]) -> Vec<&'static str> {
        let mut all = Vec::new();
        for code in codes {
            if !code.starts_with('$') {
                all.push(*code);
            } else if let Some((_, list)) = self.table.lists.iter().find(|(name, _)| name == code) {
                all.extend(list);
            } else {
                self.mistake(row.line, &format!("list {code} is not there"));
            }
        }
        all
    }

    fn key(&mut self, row: &SegmentRow, element: u8, component: u8, codes: &[&'static str]) -> Key {
        let codes: Vec<u32> = self.codes(row, codes).iter().map(|code| pack(code.as_bytes())).collect();
        if codes.is_empty() || codes.contains(&0) {
            self.mistake(row.line, "a key code of more than four characters, or none");
        }
        Key { element, component, codes }
    }

    fn cells(&mut self) {
        let guide = &mut self.guide;
        for one in &guide.loops {
            let mut by_segment = vec![Vec::new(); guide.segments.len()];
            for (index, item) in one.items.of(&guide.items).iter().enumerate().skip(1) {
                if let Some(node) = guide.nodes.get(usize::from(item.node))
                    && let Some(fitting) = by_segment.get_mut(usize::from(node.segment))
                {
                    fitting.push((index as u8, item.at, node));
                }
            }
            for fitting in by_segment {
                let key = fitting.iter().find_map(|(.., node)| node.keys.first());
                let (element, component) = key.map_or((0, 0), |key| (key.element, key.component));
                let start = guide.rows.len() as u16;
                let mut found: Vec<(u16, Row)> = Vec::new();
                for (item, at, node) in fitting {
                    let here =
                        node.keys.iter().find(|key| (key.element, key.component) == (element, component));
                    let more = node.keys.len() > usize::from(here.is_some());
                    match here {
                        Some(key) => {
                            found.extend(key.codes.iter().map(|&code| (at, Row { code, item, more })))
                        }
                        None => found.push((at, Row { code: 0, item, more })),
                    }
                }
                found.sort_by_key(|(at, row)| (row.code == 0, row.code, *at));
                let any = found.iter().filter(|(_, row)| row.code != 0).count();
                let first_rows: Vec<Slot> = found[..any]
                    .chunk_by(|(_, one), (_, next)| one.code == next.code)
                    .scan(0, |row, same| {
                        let (first, (_, only)) = (*row, same.first()?);
                        *row += same.len() as u16;
                        let sole = (same.len() == 1 && any == found.len() && !only.more).then_some(only.item);
                        Some(Slot { code: only.code, row: first, sole })
                    })
                    .collect();
                let codes = code_table(&mut guide.slots, &first_rows).unwrap_or_else(|| {
                    self.mistakes.push(format!("loop {}: keys that no table holds", one.id));
                    CodeTable::default()
                });
                guide.rows.extend(found.into_iter().map(|(_, row)| row));
                let len = guide.rows.len() as u16 - start;
                guide.cells.push(Cell {
                    rows: Stretch { start, len },
                    any: any as u16,
                    codes,
                    element,
                    component,
                });
            }
        }
    }
}

fn item(at: u16, node: u16, inner: u16, most: Option<u16>) -> Item {
    Item { at, node, inner, most: most.unwrap_or(0), slot: 0, before: 0 }
}

fn bit(index: u8) -> u64 {
    1_u64.checked_shl(u32::from(index)).unwrap_or(0)
}
