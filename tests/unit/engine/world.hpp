// An engine on a folder of its own with one project, for the tests of what engines do.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "archaeologist/engine.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

namespace archaeologist {

class EngineWorld {
public:
    EngineWorld() {
        config.data_dir = folder.path() + "/data";
        config.workers = 4;
        config.queue.backoff_base = std::chrono::milliseconds(1);
        config.queue.backoff_cap = std::chrono::milliseconds(10);
        open();
        project = engine->create_project("p").value().id;
    }

    void open() {
        engine.reset();
        engine = Engine::open(config).value();
    }

    [[nodiscard]] UploadRequest request(std::string_view name) const {
        UploadRequest made;
        made.project_id = project;
        made.filename = name;
        return made;
    }

    Result<UploadReply> upload(std::string_view name, std::string_view content) {
        MemorySource source(content);
        return engine->upload(request(name), source);
    }

    // In the lake, for accept.
    StoredFile stored(std::string_view name, std::string_view content) {
        MemorySource source(content);
        return {request(name), engine->lake().put(source, 1 << 20).value()};
    }

    // Until no job is unfinished.
    void process() {
        REQUIRE(engine->start_workers());
        for (;;) {
            const QueueStats stats = engine->queue().stats().value();
            if (stats.queued + stats.scheduled + stats.running + stats.pending == 0) return;
            std::this_thread::yield();
        }
    }

    // How often a text is found, in all projects.
    std::uint64_t found(std::string_view text) {
        SearchRequest search;
        search.query = text;
        search.mode = SearchMode::literal;
        return engine->search(search).value().total_found;
    }

    std::int64_t sources() {
        SourceFilter filter;
        filter.project_id = project;
        return engine->sources(filter).value().total;
    }

    TemporaryFolder folder;
    Config config;
    std::unique_ptr<Engine> engine;
    ProjectId project{};
};

}  // namespace archaeologist
