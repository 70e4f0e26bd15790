extension ScenarioFormat {
    static let searchLoad = ObjectShape(
        "a search",
        "Open load at rates that are tried until the highest is known at which the expectations hold.",
        fields: [
            Field("model", .constant("search"), "who decides when the next operation comes", isRequired: true),
            arrivals,
            independent,
            Field("from", .measure(.rate), "the lowest rate of interest, which is tried first", isRequired: true),
            Field("to", .measure(.rate), "the highest rate of interest", isRequired: true),
            Field(
                "precision",
                .measure(.share),
                "how close the highest rate that held and the lowest that did not must come",
                default: "5%"
            ),
            Field(
                "repeat",
                .integer(1...25),
                "how often the search is made, each time with another seed",
                default: .integer(3)
            ),
            Field(
                "budget",
                .measure(.duration),
                "time after which no further trial of a target begins; real clock only"
            ),
            keys,
            priorities,
            Field(
                "phases",
                .list(.object(searchPhase), atLeast: 1),
                "the stretches of every trial, in order",
                isRequired: true
            ),
            late,
            bounds,
        ]
    )
    .refusing(["think", "await"], "it belongs to closed load; remove it or set \"model\": \"closed\"")
    .refusing(["bursts"], "a search sets the rates itself; remove it or set \"model\": \"open\"")

    static let searchPhase = ObjectShape(
        "a phase",
        "A named stretch of every trial.",
        fields: phaseFields + [
            Field("rate", .measure(.share), "share of the rate that is tried; all of it when absent"), measure,
        ]
    )
    .exactlyOne(of: ["for"], ["until", "limit"])
    .refusing(["operations"], "it belongs to closed load; remove it or set \"model\": \"closed\"")
}
