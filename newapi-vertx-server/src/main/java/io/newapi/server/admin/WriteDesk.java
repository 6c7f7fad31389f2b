package io.newapi.server.admin;

/** Does what other nodes hand over. */
public final class WriteDesk {

    private final AdminRoutes routes;

    WriteDesk(AdminRoutes routes) {
        this.routes = routes;
    }

    /**
     * Does a write, after judging the credential in it. Blocks.
     *
     * @throws Refusal if it is refused, and nothing is to be kept
     */
    public Rendered perform(AdminWrite write) {
        try {
            return routes.perform(write);
        } catch (Refused refused) {
            throw new Refusal(routes.refusal(write, refused));
        }
    }

    /** The write was refused; thrown so that a transaction around it keeps nothing. */
    public static final class Refusal extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Rendered answer;

        private Refusal(Rendered answer) {
            super("refused", null, false, false);
            this.answer = answer;
        }

        /** What the caller is told. */
        public Rendered answer() {
            return answer;
        }
    }
}
