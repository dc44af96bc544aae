/// Is told when a rule has been put to something: the engine measures with it. `()` is told nothing, and costs nothing.
pub trait Observer {
    /// Whether it wants to be told: then every rule is put to every line, also where the answer is remembered.
    const IS_TOLD: bool = true;

    /// Rules follow.
    fn begin(&mut self) {}

    /// The rule with this index has just been put to a line, a claim or a day.
    fn rule(&mut self, _rule: u16) {}

    /// What several rules share has just been done: facts that settling needs, conditions of rules over days.
    fn shared(&mut self) {}
}

impl Observer for () {
    const IS_TOLD: bool = false;
}
