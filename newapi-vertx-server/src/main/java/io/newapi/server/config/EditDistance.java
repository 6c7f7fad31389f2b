package io.newapi.server.config;

/** How many letters must be inserted, left out, replaced or swapped with their neighbour to make one word of another. */
final class EditDistance {

    private static final int LONGEST = 100;

    private EditDistance() {}

    /** The distance; of words of more than 100 letters, only the first 100 are compared. */
    static int between(String left, String right) {
        int rows = Math.min(left.length(), LONGEST);
        int columns = Math.min(right.length(), LONGEST);
        int[][] distance = new int[rows + 1][columns + 1];
        for (int row = 0; row <= rows; row++) {
            for (int column = 0; column <= columns; column++) {
                distance[row][column] =
                        row == 0 || column == 0 ? row + column : step(distance, left, right, row, column);
            }
        }
        return distance[rows][columns];
    }

    private static int step(int[][] distance, String left, String right, int row, int column) {
        int replaced = left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1;
        int best = Math.min(
                distance[row - 1][column - 1] + replaced,
                1 + Math.min(distance[row - 1][column], distance[row][column - 1]));
        boolean swapped = row > 1
                && column > 1
                && left.charAt(row - 1) == right.charAt(column - 2)
                && left.charAt(row - 2) == right.charAt(column - 1);
        return swapped ? Math.min(best, distance[row - 2][column - 2] + 1) : best;
    }
}
