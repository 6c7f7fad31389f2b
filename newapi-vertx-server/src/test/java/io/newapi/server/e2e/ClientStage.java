package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.ReceivedRequest;
import io.newapi.sandbox.Sandbox;
import io.newapi.sandbox.Script;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the tests of all client libraries meet: a node, one upstream behind it, and keys in different states. */
final class ClientStage implements AutoCloseable {

    private static final long PLENTY = 1_000_000_000;
    private static final int STORY_WORDS = 500;

    private final Upstreams upstreams = new Upstreams();
    private final Sandbox upstream = upstreams.start(Script.PLAIN);
    private final DataDirectory directory;
    private final long channel;
    private final Key key;
    private final Key exhaustedKey;
    private final Key cancellingKey;
    private final TestNode node;

    ClientStage(Path path) {
        directory = DataDirectory.create(path);
        channel = directory.channel("only", upstream.url(), 0);
        long user = directory.user("someone", PLENTY);
        key = directory.unlimitedToken(user, "key");
        exhaustedKey = directory.limitedToken(user, "exhausted", 0);
        cancellingKey = directory.limitedToken(user, "cancelling", PLENTY);
        node = TestNode.start(directory);
    }

    /** Base URL of an OpenAI client. */
    String url() {
        return node.url() + "/v1";
    }

    Sandbox upstream() {
        return upstream;
    }

    /** Pays for everything. */
    Key key() {
        return key;
    }

    /** Has nothing left. */
    Key exhaustedKey() {
        return exhaustedKey;
    }

    /** Pays for everything, and is used by nothing but the test that goes away in the middle of a stream. */
    Key cancellingKey() {
        return cancellingKey;
    }

    /** What the upstream tells when it is asked for a long story: its first words. */
    static String story(long words) {
        return IntStream.range(0, (int) words)
                .mapToObj(number -> "word" + number)
                .collect(Collectors.joining(" "));
    }

    static String wholeStory() {
        return story(STORY_WORDS);
    }

    /** The last request that reached the upstream. */
    ReceivedRequest lastReceived() {
        List<ReceivedRequest> received = upstream.requests();
        return received.get(received.size() - 1);
    }

    /** The log row of a call, as soon as it is booked. */
    Charged charge(String requestId) {
        Eventually.until("the charge of " + requestId + " is booked", () -> booked(requestId));
        return Books.read(directory).charge(requestId);
    }

    private boolean booked(String requestId) {
        return Books.read(directory).charges().stream()
                .anyMatch(charge -> charge.requestId().equals(requestId));
    }

    /** Stops the node; what it has booked. */
    Books finish() {
        node.stop();
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.charges()).allMatch(charge -> charge.channelId() == channel);
        assertThat(books.charges(exhaustedKey)).isEmpty();
        return books;
    }

    @Override
    public void close() {
        node.close();
        upstreams.close();
    }
}
