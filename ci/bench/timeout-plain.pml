/*
 * The program of timeout.pml with each test and each assignment of a local variable as a step of its
 * own, as one would write it down, and with every local variable cleared once it has been used.
 */
#ifndef N
#define N 1
#endif
#define INITIAL 100000

#define FROM   (_pid - 1)
#define TO     (2 - _pid)
#define AMOUNT (40 - 10 * _pid)

bit held[2];
bit done[2];
int acc[2];

proctype teller() {
	byte n;
	int balance;
	bit from_good, to_good;

	do
	:: n == N -> break
	:: n < N ->
		if
		:: atomic { !held[FROM] -> held[FROM] = 1 }; from_good = 1
		:: held[FROM] -> from_good = 0
		fi;
		if
		:: atomic { !held[TO] -> held[TO] = 1 }; to_good = 1
		:: held[TO] -> to_good = 0
		fi;
		if
		:: from_good && to_good ->
			d_step { from_good = 0; to_good = 0 };
			balance = acc[FROM];
			d_step { acc[FROM] = balance - AMOUNT; balance = 0 };
			balance = acc[TO];
			d_step { acc[TO] = balance + AMOUNT; balance = 0 };
			held[FROM] = 0;
			held[TO] = 0;
			n++
		:: from_good && !to_good -> d_step { held[FROM] = 0; from_good = 0 }
		:: to_good && !from_good -> d_step { held[TO] = 0; to_good = 0 }
		:: !from_good && !to_good
		fi
	od;
	done[FROM] = 1;
end:	false
}

init {
	int total;

	acc[0] = INITIAL;
	acc[1] = INITIAL;
	run teller();
	run teller();
	done[0];
	done[1];
	total = acc[0];
	total = total + acc[1];
	assert(total == 2 * INITIAL);
	assert(!held[0]);
	assert(!held[1])
}
