-- :id :document :ordinal :core_begin :core_end :context_begin :line_first :line_last :terms :heading :headings
INSERT INTO chunks(id, document, ordinal, core_begin, core_end, context_begin, line_first, line_last, terms, heading,
                   headings)
VALUES (:id, :document, :ordinal, :core_begin, :core_end, :context_begin, :line_first, :line_last, :terms, :heading,
        :headings)
