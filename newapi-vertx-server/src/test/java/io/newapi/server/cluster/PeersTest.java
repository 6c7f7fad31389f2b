package io.newapi.server.cluster;

import static io.newapi.server.cluster.Peers.Hearing.GAP;
import static io.newapi.server.cluster.Peers.Hearing.NEXT;
import static io.newapi.server.cluster.Peers.Hearing.REPEATED;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.cluster.Peers.Hearing;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

/** The numbers of frames tell what was missed. */
class PeersTest {

    private final Peers peers = new Peers(100);

    private Hearing hear(String sender, long number, long now) {
        return peers.hear(Frame.tell(sender, number, "address", Buffer.buffer()), now);
    }

    private Hearing hearLifeSign(String sender, long number, long now) {
        return peers.hear(Frame.lifeSign(sender, number), now);
    }

    @Test
    void framesInTheirOrderMissNothing() {
        assertThat(hear("a", 1, 0)).isEqualTo(NEXT);
        assertThat(hear("a", 2, 0)).isEqualTo(NEXT);
        assertThat(hear("b", 1, 0)).isEqualTo(NEXT);
    }

    @Test
    void aNumberThatIsLeftOutIsAGap() {
        hear("a", 1, 0);

        assertThat(hear("a", 3, 0)).isEqualTo(GAP);
        assertThat(hear("a", 4, 0)).isEqualTo(NEXT);
    }

    @Test
    void whoeverIsHeardForTheFirstTimeInTheMiddleHasSaidSomethingBefore() {
        assertThat(hear("a", 5, 0)).isEqualTo(GAP);
    }

    @Test
    void whatWasHeardIsNotHeardAgain() {
        hear("a", 1, 0);
        hear("a", 2, 0);

        assertThat(hear("a", 2, 0)).isEqualTo(REPEATED);
        assertThat(hear("a", 1, 0)).isEqualTo(REPEATED);
    }

    @Test
    void aSignOfLifeSaysHowMuchWasSaid() {
        assertThat(hearLifeSign("a", 0, 0)).as("nothing").isEqualTo(NEXT);
        hear("a", 1, 0);
        assertThat(hearLifeSign("a", 1, 0)).isEqualTo(NEXT);
        assertThat(hearLifeSign("a", 2, 0)).as("one more than was heard").isEqualTo(GAP);
        assertThat(hear("a", 3, 0)).isEqualTo(NEXT);
        assertThat(hearLifeSign("a", 2, 0)).isEqualTo(REPEATED);
    }

    @Test
    void whoeverIsSilentForLongIsForgotten() {
        hear("silent", 1, 0);
        hear("alive", 1, 90);

        peers.forgetSilent(150);

        assertThat(hear("alive", 2, 150)).isEqualTo(NEXT);
        assertThat(hear("silent", 2, 150)).isEqualTo(GAP);
    }

    @Test
    void whoWasHeardLatelyIsKnown() {
        hear("silent", 1, 0);
        hear("alive", 1, 90);

        assertThat(peers.heardSince(50)).containsExactly("alive");
    }
}
