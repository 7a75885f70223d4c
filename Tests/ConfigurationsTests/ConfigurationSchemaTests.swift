import Configurations
import Testing
import Values

@Suite struct ConfigurationSchemaTests {
    @Test func `the schema of a shape says what its check says`() {
        let shape = ConfigurationShape.record([
            ConfigurationKey("feed", .text, required: true, "name of the feed"),
            ConfigurationKey("format", .choice(["x12", "997"]), default: "x12", "how it is written"),
            ConfigurationKey("limits", .list(.integer(1...9)), "how many"),
            ConfigurationKey("tree", tree, "what contains itself"),
        ])
        #expect(JSONText.write(pretty: shape.jsonSchema(title: "Feed")) == """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "title": "Feed",
              "type": "object",
              "additionalProperties": false,
              "required": [
                "feed"
              ],
              "properties": {
                "feed": {
                  "type": [
                    "string",
                    "number",
                    "boolean",
                    "null"
                  ],
                  "description": "name of the feed"
                },
                "format": {
                  "enum": [
                    "x12",
                    "997",
                    997
                  ],
                  "description": "how it is written (default: x12)"
                },
                "limits": {
                  "type": "array",
                  "items": {
                    "type": [
                      "integer",
                      "string"
                    ],
                    "pattern": "^[+-]?[0-9]+$",
                    "minimum": 1,
                    "maximum": 9
                  },
                  "description": "how many"
                },
                "tree": {
                  "$ref": "#/$defs/tree%20node",
                  "description": "what contains itself"
                }
              },
              "$defs": {
                "tree node": {
                  "type": "object",
                  "additionalProperties": false,
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": [
                        "string",
                        "number",
                        "boolean",
                        "null"
                      ],
                      "description": "its name"
                    },
                    "children": {
                      "type": "array",
                      "items": {
                        "$ref": "#/$defs/tree%20node"
                      },
                      "description": "what is below it"
                    }
                  }
                }
              }
            }
            """)
    }

    @Test func `the schema of every kind of shape is JSON that reads back the same`() throws {
        let schema = sample.jsonSchema(title: "Sample")
        #expect(try JSONText.parse(JSONText.write(schema)) == schema)
        guard case .context(let root) = schema, case .context(let properties)? = root["properties"] else {
            Issue.record("the schema has no properties")
            return
        }
        #expect(properties.names.count == 16)
        #expect(JSONText.write(properties["prices"] ?? .null).contains("\"propertyNames\":{\"enum\":[\"order\",\"item\"]}"))
    }

    @Test func `the documentation lists keys with what is wanted, and what contains itself once`() {
        let shape = ConfigurationShape.record([
            ConfigurationKey("quiet", .duration, default: "5s", "how long it must not grow"),
            ConfigurationKey("codes", .map(.choice(["a", "b"])), "what codes mean"),
            ConfigurationKey("tree", tree, required: true, "what contains itself"),
        ])
        #expect(shape.documentation() == """
            - `quiet` (a duration; default: 5s): how long it must not grow
            - `codes` (a mapping of names to a or b; optional): what codes mean
            - `tree` (tree node; required): what contains itself
              - `name` (text; required): its name
              - `children` (a list of tree node; optional): what is below it

            """)
    }
}
