package import Values

extension ImpactReport {
    /// The report as a value; `JSONText.write` of it is what is digested and kept.
    package var value: Value {
        .context(ContextValue([
            ("report", .string("crossdock impact 1")), ("base", .string(base.description)), ("target", .string(target.description)),
            ("asOf", .string(asOf.description)), ("logPosition", .integer(head.position)), ("logHead", .string(head.hash.hex)),
            ("moved", .integer(moved)), ("lowered", .integer(lowered)), ("noticed", .integer(noticed)), ("failures", .integer(failures)),
            ("schemes", .list(schemes.map(\.value))), ("rules", .list(rules.map(\.value))), ("emissions", .list(emissions.map(\.value))), ("contracts", .list(contracts.map(\.value))),
            ("promises", .context(ContextValue([
                ("gain", .integer(promises.gain)), ("redistribute", .integer(promises.redistribute)), ("lose", .integer(promises.lose)),
            ]))),
            ("redundantOverrides", .list(redundantOverrides.map(Value.string))), ("unknown", .list(unknown.map(Value.string))),
        ]))
    }
}

extension SchemeImpact {
    package var value: Value {
        func text(_ text: String?) -> Value { text.map(Value.string) ?? .null }
        return .context(ContextValue([
            ("scheme", .string(scheme)), ("members", .integer(members)),
            ("moves", .list(moves.map(\.value))),
            ("changed", .boolean(isChanged)), ("figures", .list(figures.map(\.value))), ("boundaries", .list(boundaries.map(\.value))), ("replay", replay?.value ?? .null),
            ("sizes", .list(sizes.map {
                .context(ContextValue([("microsegment", .string($0.microsegment)), ("before", .integer($0.before)), ("after", .integer($0.after)), ("least", .integer($0.least))]))
            })),
            ("lowered", .list(lowered.map(Value.string))), ("valueMoved", valueMoved.map(Value.number) ?? .null),
            ("kept", .list(kept.map(Value.string))),
            ("earliestEffective", text(earliestEffective?.description)),
            ("notices", .list(notices.map { notice in
                .context(ContextValue([
                    ("entity", .string(notice.entity)), ("from", .string(notice.from)), ("to", .string(notice.to)), ("effective", .string(notice.effective.description)),
                ]))
            })),
            ("movers", .list(movers.map { mover in
                .context(ContextValue([
                    ("entity", .string(mover.entity)), ("from", text(mover.from)), ("to", .string(mover.to)),
                    ("formerRule", mover.formerRule.map { .integer($0) } ?? .null), ("rule", .integer(mover.rule)), ("cause", .string(mover.cause)),
                ]))
            })),
        ]))
    }
}

extension SchemeImpact.Move {
    fileprivate var value: Value {
        .context(ContextValue([("from", from.map(Value.string) ?? .null), ("to", .string(to)), ("count", .integer(count))]))
    }
}

extension SchemeImpact.Figure {
    fileprivate var value: Value {
        .context(ContextValue([
            ("figure", .string(name)), ("unit", unit.map(Value.string) ?? .null), ("money", .boolean(isMoney)), ("before", .number(before)), ("after", .number(after)),
            ("known", .integer(known)), ("unknown", .integer(unknown)),
        ]))
    }
}

extension SchemeImpact.Boundary {
    package var value: Value {
        .context(ContextValue([("attribute", .string(attribute)), ("threshold", .number(threshold)), ("entities", .integer(entities))]))
    }
}

extension SchemeImpact.Replay {
    fileprivate var value: Value {
        .context(ContextValue([
            ("runs", .integer(runs)), ("decisions", .integer(decisions)), ("changes", .list(changes.map(\.value))), ("unknown", .integer(unknown)),
        ]))
    }
}

extension EmissionImpact {
    fileprivate var value: Value {
        .context(ContextValue([
            ("action", .string(action)), ("target", .string(target)), ("kind", .string(kind)), ("count", .integer(count)), ("bytes", .integer(bytes)),
            ("digest", .string(digest.hex)),
            ("samples", .list(samples.map {
                .context(ContextValue([("id", .string($0.id)), ("fileName", $0.fileName.map(Value.string) ?? .null), ("text", .string($0.text))]))
            })),
        ]))
    }
}

extension ContractImpact {
    fileprivate var value: Value {
        .context(ContextValue([
            ("contract", .string(contract)), ("entity", .string(entity)), ("scheme", .string(scheme)), ("floor", floor.map(Value.number) ?? .null),
            ("noticeEnds", noticeEnds.map { .string($0.description) } ?? .null),
        ]))
    }
}
