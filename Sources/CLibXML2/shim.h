// libxml2's push parser and nothing else of it.
#ifndef CROSSDOCK_CLIBXML2_SHIM_H
#define CROSSDOCK_CLIBXML2_SHIM_H

// Debian's headers pull in ICU, which clashes with Foundation in one target.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <stdint.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

/// Bytes of input, counted from its start, before the one that the parser looks at next.
static inline int64_t crossdock_xml_offset(xmlParserCtxtPtr parser) {
    if (parser->input == NULL) return -1;
    return (int64_t)parser->input->consumed + (parser->input->cur - parser->input->base);
}

/// The byte that the parser looks at next.
static inline const uint8_t *crossdock_xml_current(xmlParserCtxtPtr parser) { return parser->input->cur; }

/// The first byte of input that the parser still holds; never after the current one.
static inline const uint8_t *crossdock_xml_held(xmlParserCtxtPtr parser) { return parser->input->base; }

/// Where `text` stands in bytes of input counted from its start, if it lies in what the parser holds; else -1.
static inline int64_t crossdock_xml_position(xmlParserCtxtPtr parser, const xmlChar *text) {
    xmlParserInputPtr input = parser->input;
    uintptr_t at = (uintptr_t)text, base = (uintptr_t)input->base;
    if (at < base || at >= (uintptr_t)input->end) return -1;
    return (int64_t)input->consumed + (int64_t)(at - base);
}

#endif
